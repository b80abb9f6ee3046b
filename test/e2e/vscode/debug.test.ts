// A loss under the debugger: a condition, the way back, and the dashboard beside it.
import path from 'node:path';
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

const frames = (vs: ServedVsCode) => vs.page.locator('.debug-call-stack');
const stepOf = async (vs: ServedVsCode) =>
  Number(/step ([\d,]+)/.exec((await frames(vs).textContent()) ?? '')?.[1]?.replace(',', '') ?? 0);
/** A button of the bar with the motions, which is not in the palette for all of them. */
const press = (vs: ServedVsCode, motion: string) =>
  vs.page
    .locator('.debug-toolbar')
    .getByRole('button', { name: new RegExp(`^${motion}`) })
    .click();
const variableOf = (vs: ServedVsCode, name: string) =>
  vs.page
    .locator('.debug-view-content, .debug-variables')
    .first()
    .locator('.monaco-list-row', { hasText: new RegExp(`^\\s*${name}\\s*[:=]`) })
    .first();
const stepField = (dashboard: DashboardPage) => dashboard.body.getByRole('textbox', { name: 'step' });
const cursorOf = async (dashboard: DashboardPage) =>
  Number((await stepField(dashboard).inputValue()).replace(',', ''));

describe('a loss under the debugger', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;
  const stepOfFrame = () => stepOf(vs);
  const dashboardStep = () => cursorOf(dashboard);

  beforeAll(async () => {
    vs = await openServedVsCode({ workspace: null, files: { 'valley.ts': valley } });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(() => vs?.dispose());

  it('stops before the first step, without a launch configuration', async () => {
    await vs.workbench.openFile('valley.ts', { line: 7 });
    await vs.page.locator('.codelens-decoration a', { hasText: 'Debug' }).first().click();
    await vs.workbench.runCommand('View: Show Run and Debug');
    await frames(vs).getByText('adam lr 0.05, before the first step').waitFor({ timeout: 60_000 });
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows('valley');
  });

  it('steps forwards, with the dashboard beside it', async () => {
    for (let t = 1; t <= 3; t++) {
      await vs.workbench.runCommand('Debug: Step Over');
      await expect.poll(stepOfFrame, { timeout: 20_000 }).toBe(t);
    }
    await expect.poll(dashboardStep, { timeout: 15_000 }).toBe(3);
    await variableOf(vs, 'loss').waitFor();
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
      await press(vs, 'Step Back');
      await expect.poll(stepOfFrame, { timeout: 20_000 }).toBe(hit - i);
    }
    await expect.poll(dashboardStep, { timeout: 15_000 }).toBe(hit - 10);
  });

  it('follows the step cursor of the dashboard', async () => {
    const field = stepField(dashboard);
    await field.fill('7');
    await field.press('Enter');
    await expect.poll(stepOfFrame, { timeout: 20_000 }).toBe(7);
  });

  it('ends with its session, and leaves the run in the history', async () => {
    await vs.workbench.runCommand('Debug: Stop');
    await dashboard.reaches(/Stopped|stopped/);
  });
});

describe('a recording under the debugger', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode({
      workspace: path.resolve(import.meta.dirname, '../../fixtures/recordings'),
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(() => vs?.dispose());

  it('is looked at step by step in the editor of its file', async () => {
    await vs.workbench.openRunFile('characters.adamscope');
    dashboard = new DashboardPage(vs.workbench.newestWebview());
    await dashboard.body.getByRole('button', { name: 'Debug' }).click();
    await vs.workbench.runCommand('View: Show Run and Debug');
    await frames(vs).getByText('before the first step').waitFor({ timeout: 60_000 });
    for (const motion of ['Step Over', 'Step Over', 'Step Over', 'Step Back']) {
      const before = await stepOf(vs);
      await press(vs, motion);
      await expect.poll(() => stepOf(vs), { timeout: 20_000 }).not.toBe(before);
    }
    const here = await stepOf(vs);
    expect(here).toBeGreaterThan(0);
    await expect.poll(() => cursorOf(dashboard), { timeout: 15_000 }).toBe(here);
    await variableOf(vs, 'loss').waitFor();
    await vs.workbench.screenshot('debug/recording');
    await stepField(dashboard).fill('1');
    await stepField(dashboard).press('Enter');
    await expect.poll(() => stepOf(vs), { timeout: 20_000 }).toBe(1);
  });

  it('ends when its file is closed', async () => {
    await vs.page.locator('.debug-toolbar').waitFor();
    await vs.workbench.closeEditor('characters.adamscope');
    await vs.page.locator('.debug-toolbar').waitFor({ state: 'hidden', timeout: 20_000 });
  });
});
