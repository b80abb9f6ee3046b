// The questions to a user, and the messages when there is nothing to run.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const noStart = `export function bowlLoss([x, y]: number[]): number {
  return x * x + 10 * y * y;
}
`;

describe('the user’s own workspace', () => {
  let vs: ServedVsCode;

  beforeAll(async () => {
    vs = await openServedVsCode({ workspace: null, files: { 'plain.ts': 'export const answer = 42;\n' } });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('without a loss: explains what a loss is, and offers the samples', async () => {
    await vs.workbench.openFile('plain.ts');
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    const told = await vs.workbench.notification(/this workspace contains no loss/);
    await told.getByRole('button', { name: 'Open Samples' }).waitFor();
    await told.hover();
    await told.getByRole('button', { name: /Clear Notification/ }).click();
  });

  it('with a loss without a start: asks once, refuses an invalid answer, and writes the answer on request', async () => {
    await writeFile(path.join(vs.workspace, 'asks.ts'), noStart);
    await vs.workbench.openFile('asks.ts', { line: 2 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    const input = vs.page.locator('.quick-input-widget input.input').first();
    await expect.poll(() => input.inputValue()).toBe('0, 0');
    await input.fill('1');
    await vs.page.getByText('bowlLoss takes 2 numbers (x, y)').waitFor();
    await input.fill('1, -2');
    await vs.page.keyboard.press('Enter');
    await vs.workbench.statusBar(/bowlLoss: [a-z ]+, loss .* after 1000 steps/);
    const offer = await vs.workbench.notification(/bowlLoss starts at \[1, -2\]/);
    await offer.getByRole('button', { name: 'Write @start' }).click();
    await expect.poll(() => vs.workbench.text()).toContain('@start [1, -2]');
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(/bowlLoss: [a-z ]+, loss .* after 1000 steps/);
  });

  it('offers presets, and checks the loss with one before the run', async () => {
    await vs.workbench.openFile('asks.ts', { line: 7 });
    await vs.workbench.runCommand('Adamscope: Configure and run…');
    const list = vs.page.locator('.quick-input-widget .monaco-list');
    await list.getByText('Preset', { exact: true }).click();
    await list.getByText('curve fit', { exact: true }).click();
    await list.getByText('Check before the run', { exact: true }).click();
    const dashboard = new DashboardPage(await vs.workbench.dashboard());
    const rows = await dashboard.reportRows('Checklist');
    expect(rows.map(([name]) => name)).toContain('length of the schedule');
    expect(rows.find(([name]) => name === 'stopping rule')!.join(' ')).toContain('tolerance = 1e-8');
  });

  it('configures a run in a dialog: checks each value, writes it to the annotation, then runs', async () => {
    await vs.workbench.openFile('asks.ts', { line: 7 });
    await vs.workbench.runCommand('Adamscope: Configure and run…');
    const list = vs.page.locator('.quick-input-widget .monaco-list');
    const input = vs.page.locator('.quick-input-widget input.input').first();
    await list.getByText('lr', { exact: true }).click();
    await expect.poll(() => input.inputValue()).toBe('0.001');
    await input.fill('-1');
    await vs.page.getByText('lr must be >= 0, got -1').waitFor();
    await input.fill('0.25');
    await vs.page.keyboard.press('Enter');
    await list.getByText('Write to the annotation').click();
    await expect.poll(() => vs.workbench.text()).toContain('@optimizer lr=0.25');

    await vs.workbench.runCommand('Adamscope: Configure and run…');
    await input.fill('steps');
    await list.getByText('steps', { exact: true }).click();
    await expect.poll(() => input.inputValue()).toBe('1000');
    await input.fill('12');
    await vs.page.keyboard.press('Enter');
    await list.getByText('Run', { exact: true }).click();
    await vs.workbench.statusBar(/bowlLoss: [a-z ]+, loss .* after 12 steps/);
    expect(await vs.workbench.text()).not.toContain('@steps');
  });
});
