import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { runPages, screenshotPath } from './harness';
import { chart, lastView } from './inPage';
import type { Fake } from './page/fakeHost';
import type { ThemeName } from './themes';

/** A chart in the whole panel, its moving average, the phase band and the picture of a run that diverged. */

declare const fake: Fake;

const open = runPages();

async function smooth(page: Page, title: string, weight: string): Promise<void> {
  await page.getByRole('button', { name: `${title}: options` }).click();
  await page.getByRole('menuitemcheckbox', { name: `Smooth ${weight}`, exact: true }).click();
}

describe('a chart', () => {
  test('fills the panel, and Escape gives all charts back', async () => {
    const page = await open({ scenario: 'clean', width: 900, height: 700 });
    await page.getByRole('button', { name: 'Enlarge Gradient norm' }).click();
    const box = (await chart(page, 'gradNorm').boundingBox())!;
    expect(box).toMatchObject({ x: 0, y: 0, width: 900, height: 700 });
    await expect
      .poll(async () => (await chart(page, 'gradNorm').locator('canvas').boundingBox())!.height)
      .toBeGreaterThan(500);
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await chart(page, 'gradNorm').boundingBox())!.width).toBeLessThan(600);
    await page.getByRole('button', { name: 'Enlarge Path over the loss' }).click();
    expect((await chart(page, 'contour').boundingBox())!.width).toBe(900);
    await page.getByRole('button', { name: 'Back to all charts' }).click();
    await expect.poll(async () => (await chart(page, 'contour').boundingBox())!.width).toBeLessThan(600);
  });

  test('has a moving average, which is requested from the host and remembered', async () => {
    const page = await open({ scenario: 'clean', width: 900 });
    expect((await lastView(page)).smoothing).toEqual([]);
    const summary = chart(page, 'gradNorm').locator('.summary');
    const before = await summary.textContent();
    await smooth(page, 'Gradient norm', '0.99');
    await expect.poll(async () => (await lastView(page)).smoothing).toEqual([['gradNorm', 99]]);
    // The text describes the average.
    await expect.poll(() => summary.textContent()).not.toBe(before);
    await chart(page, 'gradNorm').locator('.plot').hover();
    await chart(page, 'gradNorm').locator('.readout', { hasText: 'raw' }).waitFor();
    await page.reload();
    await page.waitForFunction(() => fake.calls.some(([call]) => call === 'setView'));
    expect((await lastView(page)).smoothing).toEqual([['gradNorm', 99]]);
    await smooth(page, 'Gradient norm', '0.99');
    await expect.poll(async () => (await lastView(page)).smoothing).toEqual([]);
  });
});

describe('the contour', () => {
  test('of a run that diverged shows the part near the start, and says so', async () => {
    const page = await open({ scenario: 'diverging', width: 900, height: 800 });
    const summary = chart(page, 'contour').locator('.summary');
    await expect
      .poll(() => summary.textContent())
      .toMatch(/Shown up to step \d+, where the loss has passed 100 times/);
    await page.waitForTimeout(400);
    await page.screenshot({ path: screenshotPath('contour-diverging') });
  });
});

describe('the plane of a path with many coordinates', () => {
  test('states what it shows of the path, and draws the loss on request', async () => {
    const page = await open({ scenario: 'wide', width: 900, height: 900 });
    const summary = chart(page, 'plane').locator('.summary');
    await expect
      .poll(() => summary.textContent())
      .toMatch(/^The two principal directions of the path, with [\d.]+ % of its variance/);
    await chart(page, 'plane').getByRole('button', { name: 'Draw the loss' }).click();
    await page.waitForFunction(() => fake.calls.some(([call]) => call === 'planeGrid'));
    await page.waitForTimeout(500);
    await page.screenshot({ path: screenshotPath('plane') });
  });
});

describe('the phase band', () => {
  test('names the phases with their steps, and a click goes to the beginning of one', async () => {
    const page = await open({ scenario: 'edge', width: 900, height: 900 });
    const band = page.getByRole('region', { name: 'Phases of the run' });
    await band.getByRole('button', { name: /^bias correction, steps 1 to 2\d\d$/ }).waitFor();
    const edge = band.getByRole('button', { name: /^edge of stability, steps/ }).first();
    const from = Number(/steps (\d+)/.exec((await edge.getAttribute('aria-label'))!)![1]);
    await edge.click();
    await expect
      .poll(() => page.getByRole('textbox', { name: 'step', exact: true }).inputValue())
      .toBe(String(from));
  });
});

for (const theme of ['light', 'dark', 'highContrast'] as ThemeName[])
  for (const width of [500, 900, 1600])
    test(`the enlarged, smoothed chart and the phases in ${theme} at ${width} px`, async () => {
      const page = await open({ scenario: 'edge', theme, width, height: 900 });
      await page.getByRole('region', { name: 'Phases of the run' }).scrollIntoViewIfNeeded();
      await page.waitForTimeout(400);
      await page.screenshot({ path: screenshotPath(`phases-${theme}-${width}`) });
      await smooth(page, 'Gradient norm', '0.9');
      await page.getByRole('button', { name: 'Enlarge Gradient norm' }).click();
      await page.waitForTimeout(400);
      await page.screenshot({ path: screenshotPath(`enlarged-${theme}-${width}`) });
    });
