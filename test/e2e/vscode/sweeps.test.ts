// Sweeps of two options: their dialog, their heatmap, cancelling and opening a cell; and the comparison of a run with a fix.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const diverging = `/**
 * @loss
 * @start [3, 2]
 * @optimizer sgd lr=0.03
 * @steps 200
 */
export function steep([x, y]: number[]): number {
  return 50 * x * x + y * y;
}
`;

describe('runs over each other', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode({ files: { 'diverging.ts': diverging } });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('offers lr and beta2, and can be stopped', async () => {
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Sweep two options');
    await vs.page.locator('.quick-input-widget').getByText('lr × beta2').click();
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/[2-9] of 36 runs/);
    await dashboard.press('Stop');
    await dashboard.reaches(/Stopped by you after \d+ of 36 runs/);
    expect(await dashboard.cells(/not run/).count()).toBeGreaterThan(10);
    expect(await dashboard.cells(/the present configuration/).count()).toBe(1);
  });

  it('opens the run of a cell, which leads back to the sweep', async () => {
    const [first] = await dashboard.cells(/Open its run/).all();
    const text = await first!.innerText();
    await first!.click();
    await dashboard.shows('rosenbrock');
    await dashboard.reaches(/Finished/);
    expect(text).not.toBe('');
    await dashboard.press('Back to the sweep');
    await dashboard.shows('Sweep two options');
  });

  it('makes the run of a cell that has none', async () => {
    await dashboard
      .cells(/not run/)
      .last()
      .click();
    await dashboard.shows('rosenbrock');
    await dashboard.reaches(/Finished|Diverged/i);
  });

  it('asks for other options and values', async () => {
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Sweep two options');
    const quickInput = vs.page.locator('.quick-input-widget');
    await quickInput.getByText('Choose the options and their values').click();
    await quickInput.locator('.monaco-list').getByText('steps', { exact: true }).click();
    const input = quickInput.locator('input.input').first();
    await expect.poll(() => input.inputValue()).toMatch(/^\d+,/);
    await input.fill('100,100');
    await vs.page.getByText('contains 100 twice').waitFor();
    await input.fill('100,200');
    await vs.page.keyboard.press('Enter');
    await quickInput.locator('.monaco-list').getByText('none: one option only').click();
    await dashboard.reaches(/Finished, 2 runs/);
    expect(await dashboard.cells(/^steps = \d00: final loss/).count()).toBe(2);
  });

  it('compares a run with a fix of its finding', async () => {
    await vs.workbench.openFile('diverging.ts', { line: 7, column: 20 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await dashboard.shows('steep');
    await dashboard.press(/^Compare with lr 0\.\d+$/);
    await dashboard.shows('Compare runs');
    const options = await dashboard.reportRows('Options that differ');
    expect(options.map(([option]) => option)).toEqual(['optimizer.lr']);
    const results = await dashboard.reportRows('Results');
    expect(results.map(([name]) => name)).toEqual([
      'sgd lr 0.03',
      expect.stringMatching(/^sgd lr 0\.03 with lr 0\.\d+$/),
    ]);
    const [parting] = await dashboard.reportRows('Where each run parts from sgd lr 0.03');
    expect(parting!.join(' ')).toMatch(/ 1 /);
    await dashboard.press('evaluations');
    await expect
      .poll(() => dashboard.body.locator('.axisTitle.across').first().innerText())
      .toBe('evaluations');
  });

  it('opens the standardised twins side by side', async () => {
    await vs.workbench.runCommand('Adamscope: Open the standardised twins');
    for (const name of ['rawFeatures.ts', 'standardisedFeatures.ts'])
      await vs.page
        .getByRole('tab', { name: new RegExp(`^${name}`) })
        .first()
        .waitFor();
  });
});
