// A window that is reloaded, and a workspace that is not trusted: nothing is lost, and nothing runs without
// permission.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packageExtension } from '../../../.ci/package.mjs';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const slow = `/**
 * @loss
 * @start [3, 4]
 * @steps 100000
 */
export function slow([x, y]: number[]): number {
  const until = performance.now() + 1;
  while (performance.now() < until);
  return x * x + y * y;
}
`;

describe('a long run', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode({ files: { 'slow.ts': slow } });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('is drawn while it runs, can be paused, stepped and given another learning rate, and resumes', async () => {
    await vs.workbench.openFile('slow.ts', { line: 7 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Running/);
    await expect.poll(() => dashboard.steps(), { timeout: 15_000 }).toBeGreaterThan(100);
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
    const early = await dashboard.steps();
    await expect.poll(() => dashboard.steps(), { timeout: 15_000 }).toBeGreaterThan(early);

    await dashboard.press('Pause');
    await dashboard.reaches(/Paused at/);
    await dashboard.steady();
    const paused = await dashboard.steps();
    await dashboard.press('Step');
    await expect.poll(() => dashboard.steps(), { timeout: 15_000 }).toBe(paused + 1);
    await dashboard.setLr('0.5');
    await dashboard.press('Step');
    await expect.poll(() => dashboard.steps(), { timeout: 15_000 }).toBe(paused + 2);
    const { rows } = await dashboard.table('Learning rate');
    expect(rows.at(-1)).toEqual([String(paused + 2), '0.5']);
    await dashboard.press('Resume');
    await expect.poll(() => dashboard.steps(), { timeout: 15_000 }).toBeGreaterThan(paused + 10);
    await dashboard.press('Stop');
    await dashboard.reaches(/Stopped by you/);
  });

  it('is restored as interrupted after the window was reloaded, together with the finished runs', async () => {
    await vs.workbench.openFile('toy.ts', { line: 13 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/toy: [a-z ]+, loss 1\.25 after 20 steps/);
    await vs.workbench.openFile('slow.ts', { line: 7 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/slow: step [1-9]\d{2,} of 100000/);
    await vs.page.reload();
    await vs.workbench.ready();
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Interrupted/i);
    await vs.workbench.statusBar(/slow: interrupted at step [1-9]\d{2,}/);
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 15_000 }).toBeGreaterThan(200);
    const { rows } = await dashboard.table('Loss');
    expect(rows[0]).toEqual(['1', '25']);
    await dashboard.press('Run again');
    await vs.workbench.statusBar(/slow: step [1-9]\d* of 100000/);
    await vs.workbench.runCommand('Adamscope: Stop');
    await vs.workbench.statusBar(/slow: stopped by you at step \d+/);
  });
});

/** Gradient descent above its stability limit. */
const diverging = (name: string) => `/**
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 60
 */
export function ${name}([x, y]: number[]): number {
  return 50 * x * x + 0.5 * y * y;
}
`;

describe('the findings of finished runs', () => {
  let vs: ServedVsCode;

  beforeAll(async () => {
    vs = await openServedVsCode({ files: { 'one.ts': diverging('one'), 'two.ts': diverging('two') } });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('are shown again after the window was reloaded, for every loss', async () => {
    for (const name of ['one', 'two']) {
      await vs.workbench.openFile(`${name}.ts`, { line: 7 });
      await vs.workbench.runCommand('Adamscope: Run Adam on loss');
      await vs.workbench.statusBar(new RegExp(`${name}: [a-z ]+, loss .* after 60 steps.*The loss diverges`));
    }
    const wanted = [
      { file: 'one.ts', code: 'divergence', line: 4 },
      { file: 'two.ts', code: 'divergence', line: 4 },
    ];
    const found = async () => {
      const problems = await vs.workbench.problems(2);
      return problems.sort((a, b) => a.file.localeCompare(b.file));
    };
    expect(await found()).toMatchObject(wanted);
    await vs.page.reload();
    await vs.workbench.ready();
    expect(await found()).toMatchObject(wanted);
  });
});

describe('a workspace that is not trusted, with the packaged extension', () => {
  let vs: ServedVsCode;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'adamscope-vsix-'));
    const vsix = process.env.ADAMSCOPE_VSIX ?? path.join(folder, 'adamscope.vsix');
    if (process.env.ADAMSCOPE_VSIX === undefined) await packageExtension(vsix);
    vs = await openServedVsCode({ extension: { vsix }, trusted: false });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => {
    await vs?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds losses, explains why it does not run them, and shows how to grant trust', async () => {
    await vs.workbench.openFile('toy.ts', { line: 13 });
    await vs.page.locator('.codelens-decoration a', { hasText: 'Run Adam' }).first().click();
    const told = await vs.workbench.notification(/workspace is not trusted/);
    expect(await vs.page.locator('iframe.webview').count()).toBe(0);
    await told.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await vs.page
      .getByText(/You are in Restricted Mode|Trust/)
      .first()
      .waitFor();
  });
});
