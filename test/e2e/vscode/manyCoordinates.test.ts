// A small net in VS Code: the distribution over its weights, the weights that matter, and what is stored of them.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

/** 16 hidden units on one input: 49 weights. The last four units get no gradient, because their outputs do not count. */
const net = `export const netStart: number[] = Array.from({ length: 49 }, (_, i) => Math.sin(i + 1));
/** @loss @optimizer adam lr=0.01 @steps 200 */
export function net(w: number[]): number {
  let loss = 0;
  for (let k = 0; k < 8; k++) {
    const x = k / 4 - 1;
    let y = w[48]!;
    for (let j = 0; j < 12; j++) y += w[32 + j]! * Math.tanh(w[j]! * x + w[16 + j]!);
    loss += (y - Math.sin(3 * x)) ** 2;
  }
  return loss / 8;
}
`;

/** Of 4,000 parameters, 1,000 steps record 3,355. */
const wide = `export const wideStart: number[] = new Array(4000).fill(1);
/** @loss @optimizer adam lr=0.01 @steps 1000 */
export function wide(w: number[]): number {
  let loss = 0;
  for (let i = 0; i < w.length; i++) loss += w[i]! * w[i]!;
  return loss;
}
`;

/** A million parameters for a few steps; more than can be run; and too many for finite differences. */
const widest = `const squares = (w: ArrayLike<number>) => {
  let loss = 0;
  for (let i = 0; i < w.length; i++) loss += w[i]! * w[i]!;
  return loss;
};
export const millionStart = new Float64Array(1e6).fill(1);
/** @loss @optimizer adam lr=0.01 @steps 3 */
export function million(w: Float64Array): number {
  return squares(w);
}
export const excessiveStart = new Float64Array(4e6 + 1);
/** @loss @steps 3 */
export function excessive(w: Float64Array): number {
  return squares(w);
}
/** @loss @gradientMode finite-difference @steps 3 */
export function numeric(w: Float64Array): number {
  return squares(w);
}
export const numericStart = new Float64Array(1e6).fill(1);
`;

describe('a run with many coordinates', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode({
      workspace: null,
      files: { 'net.ts': net, 'wide.ts': wide, 'widest.ts': widest },
      settings: { 'adamscope.diagnosis': 'steps', 'adamscope.verifyFixes': false },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  const matter = () => dashboard.body.getByRole('region', { name: 'Coordinates that matter', exact: true });
  const selected = () => dashboard.body.getByRole('group', { name: 'Shown coordinates' }).locator('.chip');

  it('shows the weights that matter with the reason, and the distribution of all', async () => {
    await vs.workbench.openFile('net.ts', { line: 3, column: 20 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Finished, 200 steps/);
    await selected()
      .filter({ hasText: /w\[\d+\]largest update/ })
      .first()
      .waitFor();
    await selected()
      .filter({ hasText: /w\[12\]dead/ })
      .waitFor();
    await matter().getByText('12 of 49 dead').waitFor();
    const summary = dashboard.chart('Effective learning rate').locator('.summary');
    await expect.poll(() => summary.textContent()).toMatch(/^all 49: median/);
    expect(await dashboard.drawnPixels('Effective learning rate')).toBeGreaterThan(500);
  }, 180_000);

  it('selects a weight of the ranking by a click', async () => {
    const other = matter().getByRole('button', { pressed: false }).first();
    const name = (await other.textContent())!.split(' ')[0]!;
    await other.click();
    await selected().filter({ hasText: name }).waitFor();
  }, 60_000);

  it('shows the same after a reload', async () => {
    await vs.page.reload();
    await vs.workbench.ready();
    await vs.workbench.statusBar(/net: /);
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Finished, 200 steps/);
    await matter().getByText('12 of 49 dead').waitFor({ timeout: 60_000 });
    await expect
      .poll(() => dashboard.chart('Effective learning rate').locator('.summary').textContent(), {
        timeout: 30_000,
      })
      .toMatch(/^all 49: median/);
  }, 180_000);

  it('computes the history of a parameter that was not recorded when it is picked', async () => {
    await vs.workbench.openFile('wide.ts', { line: 3, column: 20 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await dashboard.shows('wide');
    // Its steps are 130 MB, which take a while on a slow machine.
    await dashboard.status.filter({ hasText: /Finished, 1000 steps/ }).waitFor({ timeout: 180_000 });
    await dashboard.body.getByRole('button', { name: /of 3355…$/ }).click();
    await dashboard.body.getByRole('textbox', { name: 'Search coordinates' }).fill('w[3]');
    await dashboard.body.getByRole('checkbox', { name: 'w[3] (not recorded)' }).click();
    await selected().filter({ hasText: 'w[3]' }).waitFor({ timeout: 180_000 });
    const { head, rows } = await dashboard.table('Update');
    const column = head.indexOf('w[3]');
    expect(column).toBeGreaterThan(0);
    // Of equal parameters, all have equal updates.
    const other = column === 1 ? 2 : 1;
    for (const row of rows) expect(row[column]).toBe(row[other]);
    expect(Number(rows[0]![column])).toBeCloseTo(0.01, 5);
  }, 500_000);

  it('runs three steps of a million parameters, and shows their distribution', async () => {
    await vs.workbench.openFile('widest.ts', { line: 8, column: 20 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await dashboard.shows('million');
    await dashboard.status.filter({ hasText: /Finished, 3 steps/ }).waitFor({ timeout: 180_000 });
    const summary = dashboard.chart('Update').locator('.summary');
    await expect
      .poll(() => summary.textContent(), { timeout: 30_000 })
      .toMatch(/^all 1\u202f000\u202f000: median/);
  }, 300_000);

  it.each([
    [13, /excessive: excessiveStart has 4000001 coordinates; at most 4000000 can be run/],
    [17, /numeric: numeric has 1000000 coordinates, but finite differences/],
  ])(
    'refuses what is too large in one sentence (line %d)',
    async (line, sentence) => {
      await vs.workbench.openFile('widest.ts', { line, column: 20 });
      await vs.workbench.runCommand('Adamscope: Run Adam on loss');
      await vs.workbench.statusBar(sentence);
    },
    180_000,
  );
});
