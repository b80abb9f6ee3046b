// Stored runs: read again after their steps were evicted from memory, shown again after a reload, omitted if
// damaged.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';
import { storedRunFiles } from './storedRunFiles';

/**
 * Each of these runs takes about 110 MB. Three exceed the limit in memory, and one exceeds the limit on disk.
 */
const wide = `const sum = (w: number[]): number => {
  let loss = 0;
  for (let i = 0; i < w.length; i++) loss += w[i]! * w[i]!;
  return loss;
};
export const wideOneStart: number[] = new Array(1000).fill(1);
export const wideTwoStart: number[] = new Array(1000).fill(1);
export const wideThreeStart: number[] = new Array(1000).fill(1);
/** @loss @steps 2800 */
export function wideOne(w: number[]): number { return sum(w); }
/** @loss @steps 2800 */
export function wideTwo(w: number[]): number { return sum(w); }
/** @loss @steps 2800 */
export function wideThree(w: number[]): number { return sum(w); }
`;

const steep = (name: string) => `/** @loss @start [1, 1] @optimizer sgd lr=0.03 @steps 60 */
export const ${name} = ([x, y]: number[]): number => 0.5 * (100 * x! ** 2 + y! ** 2);
`;

describe('stored runs', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode({
      workspace: null,
      files: { 'wide.ts': wide, 'steep.ts': steep('steep') + steep('alsoSteep') },
      settings: { 'adamscope.diagnosis': 'steps', 'adamscope.verifyFixes': false },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  const run = async (file: string, line: number, done: RegExp) => {
    await vs.workbench.openFile(file, { line, column: 30 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    // Many megabytes of steps, which take a while on a slow machine.
    await vs.page
      .locator('.part.statusbar .statusbar-item')
      .filter({ hasText: done })
      .first()
      .waitFor({ timeout: 120_000 });
  };
  const recordFiles = () => storedRunFiles(vs);

  it('are read again after their steps were evicted from memory', async () => {
    await run('wide.ts', 10, /wideOne: [a-z ]+, loss \S+ after 2800 steps/);
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    const thinned = dashboard.body.getByText('every 2nd step is kept');
    await dashboard.reaches(/Finished, 2800 steps/);
    expect(await thinned.count()).toBe(0);
    await run('wide.ts', 12, /wideTwo: [a-z ]+, loss \S+ after 2800 steps/);
    await run('wide.ts', 14, /wideThree: [a-z ]+, loss \S+ after 2800 steps/);
    await dashboard.selectRun('wideOne');
    await dashboard.shows('wideOne');
    await dashboard.reaches(/Finished, 2800 steps/);
    // The text of a run whose steps are thinned to fit on disk.
    await thinned.waitFor();
    await expect.poll(() => dashboard.drawnPixels('Loss'), { timeout: 30_000 }).toBeGreaterThan(200);
  }, 420_000);

  it('show their findings in the editor after a reload, for every loss', async () => {
    await run('steep.ts', 2, /steep: .* after 60 steps|steep: diverged at step/);
    await run('steep.ts', 4, /alsoSteep: .* after 60 steps|alsoSteep: diverged at step/);
    const found = async () =>
      (await vs.workbench.problems(2)).filter(({ code }) => code === 'divergence').map(({ line }) => line);
    await expect.poll(found, { timeout: 30_000 }).toEqual([1, 3]);
    await vs.page.reload();
    await vs.workbench.ready();
    await vs.workbench.statusBar(/alsoSteep: /);
    await expect.poll(found, { timeout: 30_000 }).toEqual([1, 3]);
  });

  it('that are damaged are reported once and not deleted, and the others are shown', async () => {
    const [damaged] = recordFiles();
    const bytes = readFileSync(damaged!);
    bytes.write('9', bytes.indexOf('"version":') + '"version":'.length);
    writeFileSync(damaged!, bytes);
    await vs.page.reload();
    await vs.workbench.ready();
    const name = path.basename(damaged!).replaceAll('.', '\\.');
    await vs.workbench.notification(
      new RegExp(`The stored run ${name} was left out: the checksum of its head is wrong`),
    );
    await vs.workbench.statusBar(/alsoSteep: /);
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows('alsoSteep');
    await run('steep.ts', 2, /steep: .* after 60 steps|steep: diverged at step/);
    expect(readFileSync(damaged!).equals(bytes)).toBe(true);
    await vs.page.reload();
    await vs.workbench.ready();
    await vs.workbench.statusBar(/steep: /);
    expect(await vs.page.getByText(/was left out/).count()).toBe(0);
  });
});
