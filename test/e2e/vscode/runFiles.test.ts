// The view *Runs*, the editor for run files, and an extension host that is killed in the middle of a run.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordPlaces } from '../../../src/core/trace/layout';
import { readRunFile } from '../../../src/runs/files/runInFile';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';
import { storedRunFiles } from './storedRunFiles';

/** Each step takes 5 ms, so there are at most 200 steps in a second. */
const stepMs = 5;
const slow = `/** @loss @start [3, 4] @steps 20000 */
export function slow([x, y]: number[]): number {
  const until = performance.now() + ${stepMs};
  while (performance.now() < until);
  return x * x + y * y;
}
`;

const bowl = `/** @loss @start [1, 2] @optimizer adam lr=0.1 @steps 60 */
export const bowl = ([x, y]: number[]): number => x! * x! + y! * y!;
`;

describe('the files of runs', () => {
  let vs: ServedVsCode;

  beforeAll(async () => {
    vs = await openServedVsCode({
      workspace: null,
      files: { 'slow.ts': slow, 'bowl.ts': bowl },
      settings: {
        'adamscope.diagnosis': 'steps',
        'adamscope.verifyFixes': false,
        'files.simpleDialog.enable': true,
      },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  const recordFiles = () => storedRunFiles(vs);
  const runBowl = async () => {
    await vs.workbench.openFile('bowl.ts', { line: 2, column: 30 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/bowl: .* after 60 steps/);
  };
  /** The entry of the view *Runs* with this text. */
  const entry = async (text: string | RegExp): Promise<Locator> => {
    const row = vs.page.getByRole('treeitem').filter({ hasText: text }).first();
    await row.waitFor({ timeout: 15_000 });
    return row;
  };
  /** Answers the question at the top of the window, as soon as it proposes an answer like `proposed`. */
  const answer = async (text: string, proposed = /./) => {
    const input = vs.page.locator('.quick-input-widget input.input').first();
    await input.waitFor();
    await expect.poll(() => input.inputValue(), { timeout: 10_000 }).toMatch(proposed);
    await input.fill(text);
    await vs.page.keyboard.press('Enter');
  };
  const choose = async (text: string, action: string) => {
    await (await entry(text)).click({ button: 'right' });
    const item = vs.page.getByRole('menuitem', { name: action }).first();
    await item.waitFor();
    // A menu ignores the mouse in its first 100 ms: a click counts once the menu is closed.
    await expect
      .poll(
        async () => {
          await item.click({ timeout: 1000 }).catch(() => undefined);
          return item.isVisible();
        },
        { timeout: 15_000 },
      )
      .toBe(false);
  };

  it('are listed by loss; a run can be renamed, pinned, exported, compared and deleted', async () => {
    await runBowl();
    await runBowl();
    await vs.workbench.runCommand('Adamscope: Focus on Runs View');
    await entry('bowl');
    await choose('adam lr 0.1', 'Rename run…');
    await answer('my first');
    const dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.body.locator('.history').getByText('my first').first().waitFor({ state: 'attached' });
    await (await entry('my first')).hover();
    await (await entry('my first')).getByRole('button', { name: 'Pin run', exact: true }).click();
    await entry(/my first\s*pinned/);

    await choose('my first', 'Export run…');
    const target = path.join(vs.workspace, 'bowl.csv');
    await answer(target, /my-first\.adamscope$/);
    await expect
      .poll(() => existsSync(target) && readFileSync(target, 'utf8').split('\n').length, {
        timeout: 10_000,
      })
      .toBe(62);

    await (await entry('my first')).click();
    await (await entry('adam lr 0.1')).click({ modifiers: ['ControlOrMeta'] });
    await choose('my first', 'Compare runs');
    await dashboard.body.getByRole('heading', { name: 'Compare runs' }).first().waitFor({ timeout: 20_000 });

    await (await entry('my first')).click();
    await (await entry('adam lr 0.1')).click({ modifiers: ['ControlOrMeta'] });
    await choose('my first', 'Export run…');
    const report = path.join(vs.workspace, 'both.html');
    await answer(report, /bowl-comparison\.html$|my-first-comparison\.html$/);
    await expect.poll(() => existsSync(report), { timeout: 10_000 }).toBe(true);
    const page = await vs.page.context().newPage();
    await page.goto(`file://${report}`);
    await page.getByRole('heading', { name: 'Comparison of 2 runs' }).waitFor();
    await page.locator('figure svg[role=img]').first().waitFor();
    await page.close();

    await (await entry('my first')).hover();
    await (await entry('my first')).getByRole('button', { name: 'Run again as it was', exact: true }).click();
    await vs.workbench.notification(/The run repeats bit for bit: 60 steps agree/);

    const before = recordFiles().length;
    const bowls = vs.page.getByRole('treeitem').filter({ hasText: 'adam lr 0.1' });
    const shown = await bowls.count();
    await (await entry('adam lr 0.1')).click();
    await choose('adam lr 0.1', 'Delete run…');
    await vs.page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect.poll(() => recordFiles().length).toBe(before - 1);
    await expect.poll(() => bowls.count()).toBe(shown - 1);
  }, 120_000);

  it('lose at most a second of a run if the extension host is killed', async () => {
    await vs.workbench.openFile('slow.ts', { line: 2 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    const item = await vs.workbench.statusBar(/slow: step [1-9]\d{2,} of 20000/);
    const [, seen] = /step (\d+) of/.exec((await item.textContent()) ?? '') ?? [];
    const [host] = extensionHostsOf(vs);
    process.kill(host!, 'SIGKILL');
    await expect.poll(() => recordFiles().length).toBeGreaterThan(0);
    const file = recordFiles().find((each) => readFileSync(each).includes('slow.ts'));
    const kept = await lastStepOf(file!);
    expect(kept).toBeGreaterThanOrEqual(Number(seen) - 1000 / stepMs);

    // The window starts another extension host. Left behind by a reload, it would keep the lock on the folder of the workspace, and the next
    // window would get another folder, without runs. So the window goes first, and then every host of it.
    const address = vs.page.url();
    await vs.page.goto('about:blank');
    await expect
      .poll(
        () => {
          const hosts = extensionHostsOf(vs);
          for (const host of hosts) process.kill(host, 'SIGKILL');
          return hosts;
        },
        { interval: 1000, timeout: 30_000 },
      )
      .toEqual([]);
    await vs.page.goto(address);
    await vs.workbench.ready();
    // VS Code restores the panel only if it had saved it before the extension host died.
    await vs.workbench.runCommand('Adamscope: Show dashboard');
    const dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.selectRun('slow');
    await dashboard.reaches(/Interrupted/i);
    expect(await dashboard.steps()).toBe(kept);
  }, 240_000);

  it('open in an editor, also one that is damaged', async () => {
    await vs.workbench.closeEditor('Adamscope');
    const [file] = recordFiles();
    const bytes = readFileSync(file!);
    writeFileSync(path.join(vs.workspace, 'copy.adamscope'), bytes);
    writeFileSync(path.join(vs.workspace, 'noise.adamscope'), bytes.subarray(3));
    await vs.workbench.openRunFile('copy.adamscope');
    const editor = new DashboardPage(vs.workbench.newestWebview());
    await editor.shows('bowl');
    await editor.reaches(/Finished, 60 steps/);
    await expect.poll(() => editor.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
    await vs.workbench.screenshot('runFiles/editor');
    await vs.workbench.openRunFile('noise.adamscope');
    await vs.workbench
      .newestWebview()
      .getByText(/noise\.adamscope cannot be shown: /)
      .waitFor({ timeout: 15_000 });
  }, 120_000);
});

async function lastStepOf(file: string): Promise<number> {
  let last = 0;
  for await (const { data, offset } of (await readRunFile(file)).steps())
    last = data[offset + recordPlaces.t]!;
  return last;
}

/** The extension hosts of this VS Code; all of its processes have its folder for temporary files. */
function extensionHostsOf({ workspace }: ServedVsCode): number[] {
  const of = (pid: string, name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'latin1');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter(
      (pid) =>
        /^\d+$/.test(pid) &&
        of(pid, 'cmdline').includes('--type=extensionHost') &&
        of(pid, 'environ').includes(path.dirname(workspace)),
    )
    .map(Number);
}
