// The pictures of the path and of the charts as a user handles them: pointer, playback, plane, files, and a panel of another width.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

/** Evaluating it 1,600 times takes at least 16 s, unless that is cancelled. */
const three = `/** @loss @start [2, -3, 1] @optimizer adam lr=0.05 @steps 150 */
export function three([x, y, z]: number[]): number {
  const until = performance.now() + 10;
  while (performance.now() < until);
  return (x! - 1) ** 2 + 4 * y! * y! + 0.1 * z! * z!;
}
`;

describe('the pictures of a run', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    vs = await openServedVsCode({
      files: { 'three.ts': three },
      settings: {
        'adamscope.diagnosis': 'steps',
        'adamscope.verifyFixes': false,
        'files.simpleDialog.enable': true,
      },
    });
    await vs.workbench.openFile('rosenbrock.ts', { line: 13, column: 5 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Finished, 3000 steps/);
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  const step = async () =>
    Number(await dashboard.body.getByRole('textbox', { name: 'step', exact: true }).inputValue());
  const save = async (title: string, format: 'PNG' | 'SVG', name: string): Promise<Buffer> => {
    await dashboard
      .chart(title)
      .getByRole('button', { name: `${title}: options` })
      .click();
    await dashboard.body.getByRole('menuitem', { name: `Save as ${format}…` }).click();
    const target = path.join(vs.workspace, name);
    const input = vs.page.locator('.quick-input-widget input.input').first();
    await expect
      .poll(() => input.inputValue(), { timeout: 15_000 })
      .toMatch(new RegExp(`${title}\\.${format.toLowerCase()}$`));
    await input.fill(target);
    await vs.page.keyboard.press('Enter');
    await expect.poll(() => readFile(target).catch(() => ''), { timeout: 15_000 }).not.toHaveLength(0);
    return readFile(target);
  };

  it('has the verdict as the first card, and its parameters can be pasted into the code', async () => {
    const sections = dashboard.body.locator('.verdict, article.card');
    expect(await sections.first().getAttribute('class')).toContain('verdict');
    await dashboard.press('Copy parameters');
    await vs.workbench.statusBar('Copied 2 parameters');
    await vs.workbench.openFile('three.ts', { line: 7 });
    await vs.page.keyboard.press('Control+V');
    await expect
      .poll(() => vs.workbench.text(), { timeout: 15_000 })
      .toMatch(/\[(0\.99|1\.0)\d+,(0\.99|1\.0)\d+\]/);
    await vs.page.keyboard.press('Control+Z');
  });

  it('names the values under the pointer of the path, and a click moves the cursor to the step there', async () => {
    const plot = dashboard.chart('Path over the loss').locator('.plot');
    await plot.scrollIntoViewIfNeeded();
    const { width, height } = (await plot.boundingBox())!;
    const readout = plot.locator('.readout');
    let found = false;
    for (let i = 1; i < 20 && !found; i++) {
      await plot.hover({ position: { x: (width * i) / 20, y: height / 2 } });
      found = /after step/.test((await readout.textContent({ timeout: 300 }).catch(() => null)) ?? '');
    }
    const text = (await readout.textContent())!;
    const [, named] = /after step ([\d ]+)/.exec(text.replaceAll(/\s/g, ' '))!;
    expect(text).toMatch(/loss ≈ \d/);
    await vs.page.mouse.down();
    await vs.page.mouse.up();
    await expect.poll(step).toBe(Number(named!.replaceAll(' ', '')));
  });

  it('plays the steps from the cursor, and jumps to the extremes', async () => {
    // A pointer over a picture shows the step there.
    await dashboard.status.hover();
    await dashboard.body.getByRole('combobox', { name: 'Go to a step' }).selectOption('lowestLoss');
    await expect.poll(step).toBeGreaterThan(2900);
    const field = dashboard.body.getByRole('textbox', { name: 'step', exact: true });
    await field.fill('1000');
    await field.press('Enter');
    await dashboard.press('Play the steps');
    await expect.poll(step).toBeGreaterThan(1002);
    await dashboard.press('Stop playing');
    await dashboard.body.getByRole('combobox', { name: 'Go to a step' }).selectOption('largestUpdate');
    await expect.poll(step).toBeLessThan(50);
  });

  it('saves a chart as it is shown', async () => {
    expect((await save('Loss', 'SVG', 'loss.svg')).toString()).toMatch(/^<svg.*Loss.*<\/svg>\s*$/s);
    expect((await save('Loss', 'PNG', 'loss.png')).subarray(0, 8).toString('latin1')).toBe(
      '\x89PNG\r\n\x1A\n',
    );
  });

  it('has the step cursor over its step after the panel has changed its width', async () => {
    const plot = dashboard.chart('Loss').locator('.plot');
    const field = dashboard.body.getByRole('textbox', { name: 'step', exact: true });
    await field.fill('1500');
    await field.press('Enter');
    for (const width of [1100, 1600, 1440]) {
      await vs.page.setViewportSize({ width, height: 900 });
      await plot.scrollIntoViewIfNeeded();
      // The step at the place of the cursor is that of the cursor, up to a pixel on both sides.
      await expect
        .poll(async () => {
          await dashboard.status.hover();
          const [cursor, box] = [await plot.locator('.crosshair').boundingBox(), await plot.boundingBox()];
          await plot.hover({ position: { x: cursor!.x - box!.x, y: box!.height / 2 } });
          const pixels = (Math.abs((await step()) - 1500) / 3000) * box!.width;
          await dashboard.status.hover();
          return pixels;
        })
        .toBeLessThan(4);
    }
    expect(await step()).toBe(1500);
  });

  it('draws the loss in the plane of a path with three coordinates, and stops when told to', async () => {
    await vs.workbench.openFile('three.ts', { line: 2, column: 18 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await dashboard.shows('three');
    await dashboard.reaches(/Finished, 150 steps/);
    const plane = dashboard.chart('Path in a plane');
    await expect
      .poll(() => plane.locator('.summary').textContent())
      .toMatch(/with \d+(\.\d+)? % of its variance/);
    await plane.getByRole('button', { name: 'Draw the loss' }).click();
    await plane.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => plane.locator('.summary').textContent()).toContain('cancelled');
  });
});
