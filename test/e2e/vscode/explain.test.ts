// Time travel as a user does it: why a parameter moved, step by step; a chart in the whole panel; a source edited in mid-run.
import type { FrameLocator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

/** So many coordinates that not all are recorded: that of index 3 is not. */
const broad = `export const broadStart: number[] = new Array(250000).fill(1);
/** @loss @steps 12 @optimizer adam lr=0.1 */
export function broad(w: number[]): number {
  let loss = 0;
  for (let i = 0; i < w.length; i++) loss += w[i]! * w[i]!;
  return loss;
}
`;
const slow = `/** @loss @start [1, 1] @steps 2000000 @optimizer sgd lr=1e-9 */
export const slow = ([x, y]: number[]): number => x! * x! + y! * y!;
`;

describe('the dashboard in VS Code', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;
  let frame: FrameLocator;

  beforeAll(async () => {
    vs = await openServedVsCode({
      files: { 'broad.ts': broad, 'slow.ts': slow },
      settings: { 'adamscope.diagnosis': 'steps', 'adamscope.verifyFixes': false },
    });
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    frame = await vs.workbench.dashboard();
    dashboard = new DashboardPage(frame);
    await dashboard.reaches(/Finished, 3000 steps/);
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  const panel = () => frame.getByRole('complementary', { name: 'Explanation of the update' });
  const shownStep = async () =>
    Number(await panel().locator('.explanationSummary').getAttribute('data-step', { timeout: 10_000 }));

  it('explains the point of a chart that is clicked, with the formula typeset', async () => {
    const plot = dashboard.chart('Effective learning rate').locator('.plot');
    await plot.scrollIntoViewIfNeeded();
    const { height } = (await plot.boundingBox())!;
    for (let y = 6; y < height && !(await panel().isVisible()); y += 9) {
      await plot.click({ position: { x: 140, y } });
      await vs.page.waitForTimeout(100);
    }
    expect(await shownStep()).toBeGreaterThan(100);
    await panel().locator('.katex').first().waitFor();
    const formula = await panel().locator('.lines li.result math').first().textContent();
    expect(formula).toContain('Δ');
    expect(await panel().locator('.explanationSummary').textContent()).toMatch(
      /^Adam moved [xy] by -?[\d.e-]+\./,
    );
  });

  it('follows the keys of the step cursor; Enter on a chart opens it, Escape closes it', async () => {
    const before = await shownStep();
    await dashboard.chart('Loss').locator('.plot').focus();
    await vs.page.keyboard.press('ArrowLeft');
    await expect.poll(shownStep).toBe(before - 1);
    await vs.page.keyboard.press('Shift+ArrowRight');
    await expect.poll(shownStep).toBe(before + 9);
    await vs.page.keyboard.press('Escape');
    await expect.poll(() => panel().isVisible()).toBe(false);
    await vs.page.keyboard.press('Enter');
    await expect.poll(shownStep).toBe(before + 9);
    await vs.page.keyboard.press('Escape');
    await expect.poll(() => panel().isVisible()).toBe(false);
  });

  it('moves the step cursor by the keys of VS Code while the editor has the focus', async () => {
    const shown = () => dashboard.body.getByRole('textbox', { name: 'step', exact: true }).inputValue();
    const before = Number(await shown());
    await vs.workbench.openFile('rosenbrock.ts', { line: 13 });
    await vs.page.keyboard.press('Control+Alt+Comma');
    await expect.poll(shown).toBe(String(before - 1));
    await vs.page.keyboard.press('Control+Alt+Period');
    await expect.poll(shown).toBe(String(before));
  });

  it('enlarges a chart, smooths it, and gives all charts back', async () => {
    await dashboard.press('Enlarge Gradient norm');
    await dashboard.press('Gradient norm: options');
    await frame.getByRole('menuitemcheckbox', { name: 'Smooth 0.9', exact: true }).click();
    const card = dashboard.chart('Gradient norm');
    await card.locator('.plot').hover();
    await card.locator('.readout', { hasText: 'raw' }).waitFor();
    expect((await card.boundingBox())!.width).toBeGreaterThan(
      0.9 * (await frame.locator('body').boundingBox())!.width,
    );
    await card.locator('.plot').focus();
    await vs.page.keyboard.press('Escape');
    await expect
      .poll(() => card.evaluate((element) => String((element as { className?: string }).className)))
      .not.toContain('enlarged');
  });

  it('replays a coordinate that is not recorded', async () => {
    await vs.workbench.openFile('broad.ts', { line: 3, column: 18 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await dashboard.shows('broad');
    await dashboard.reaches(/Finished, 12 steps/);
    await dashboard.press('Explain');
    const index = panel().getByRole('textbox', { name: 'index' });
    await index.fill('3');
    await index.press('Enter');
    await expect
      .poll(() => panel().locator('h2').textContent(), { timeout: 30_000 })
      .toMatch(/^Why w\[3\] moved at step 12/);
    await expect
      .poll(
        () =>
          panel()
            .locator('.explanationSummary')
            .textContent({ timeout: 1000 })
            .catch(() => ''),
        { timeout: 60_000 },
      )
      .toMatch(/^Adam moved w\[3\] by -/);
    await dashboard.press('Close the explanation');
  });

  it('points out that the source was edited while the run goes on', async () => {
    await vs.workbench.openFile('slow.ts', { line: 2, column: 15 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await dashboard.shows('slow');
    await dashboard.reaches(/running/i);
    await vs.workbench.openFile('slow.ts', { line: 2, column: 1 });
    await vs.page.keyboard.type('// edited ');
    await frame.getByText(/slow\.ts was edited after this run loaded it\. The run continues/).waitFor();
    await dashboard.press('Stop');
  });
});
