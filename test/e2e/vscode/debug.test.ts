// A loss under the debugger: a condition, the way back, and the dashboard beside it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const valley = `/**
 * @loss
 * @start -1.2, 1
 * @optimizer adam lr=0.05
 * @steps 300
 */
export function valley([x, y]: [number, number]): number {
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
}
`;

describe('a loss under the debugger', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;
  const variables = () => vs.page.locator('.debug-view-content, .debug-variables').first();
  const frames = () => vs.page.locator('.debug-call-stack');
  const variable = (name: string) =>
    variables()
      .locator('.monaco-list-row', { hasText: new RegExp(`^\\s*${name}\\s*[:=]`) })
      .first();
  const stepOfFrame = async () =>
    Number(/step ([\d,]+)/.exec((await frames().textContent()) ?? '')?.[1]?.replace(',', '') ?? 0);
  const dashboardStep = async () =>
    Number((await dashboard.body.getByRole('textbox', { name: 'step' }).inputValue()).replace(',', ''));

  beforeAll(async () => {
    vs = await openServedVsCode({ workspace: null, files: { 'valley.ts': valley } });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(() => vs?.dispose());

  it('stops before the first step, without a launch configuration', async () => {
    await vs.workbench.openFile('valley.ts', { line: 7 });
    await vs.page.locator('.codelens-decoration a', { hasText: 'Debug' }).first().click();
    await vs.workbench.runCommand('View: Show Run and Debug');
    await frames().getByText('adam lr 0.05, before the first step').waitFor({ timeout: 60_000 });
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows('valley');
  });

  it('steps forwards, with the dashboard beside it', async () => {
    for (let t = 1; t <= 3; t++) {
      await vs.workbench.runCommand('Debug: Step Over');
      await expect.poll(stepOfFrame, { timeout: 20_000 }).toBe(t);
    }
    await expect.poll(dashboardStep, { timeout: 15_000 }).toBe(3);
    await variable('loss').waitFor();
    await vs.workbench.screenshot('debug/stepped');
  });

  it('continues to a condition, and goes back', async () => {
    await vs.workbench.openFile('valley.ts', { line: 8 });
    await vs.workbench.runCommand('Debug: Add Conditional Breakpoint...');
    // What is typed before it has the focus would go into the source.
    await vs.page.locator('.breakpoint-widget .inputContainer .view-lines').click();
    await vs.page.keyboard.type('loss < 3 && step > 40');
    await vs.page.keyboard.press('Enter');
    await vs.workbench.runCommand('Debug: Continue');
    await expect.poll(stepOfFrame, { timeout: 20_000 }).toBeGreaterThan(40);
    const hit = await stepOfFrame();
    expect(hit).toBeLessThan(300);
    expect(await vs.workbench.text()).toContain('return (1 - x) ** 2');
    await vs.workbench.screenshot('debug/condition');
    for (let i = 1; i <= 10; i++) {
      await vs.page
        .locator('.debug-toolbar')
        .getByRole('button', { name: /^Step Back/ })
        .click();
      await expect.poll(stepOfFrame, { timeout: 20_000 }).toBe(hit - i);
    }
    await expect.poll(dashboardStep, { timeout: 15_000 }).toBe(hit - 10);
  });

  it('follows the step cursor of the dashboard', async () => {
    const field = dashboard.body.getByRole('textbox', { name: 'step' });
    await field.fill('7');
    await field.press('Enter');
    await expect.poll(stepOfFrame, { timeout: 20_000 }).toBe(7);
  });

  it('ends with its session, and leaves the run in the history', async () => {
    await vs.workbench.runCommand('Debug: Stop');
    await dashboard.reaches(/Stopped|stopped/);
  });
});
