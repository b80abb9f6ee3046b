import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { dashboardPages, type OpenOptions, screenshotPath } from './harness';
import { axeViolations, callsOf, cutTexts, scrollsSideways } from './inPage';
import { type ThemeName, themes } from './themes';

const openPage = dashboardPages();

async function open(options: Omit<OpenOptions, 'scenario'> = {}): Promise<Page> {
  const page = await openPage({ scenario: 'sweep', ...options });
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const cell = (page: Page, text: string) => page.getByRole('button', { name: new RegExp(text) });

describe('the heatmap of a sweep', () => {
  test('opens the run of a cell, and makes one that has none', async () => {
    const page = await open();
    await cell(page, 'lr = 0.05, beta2 = 0.999: .*the present configuration. Open its run').click();
    await expect.poll(() => callsOf(page, 'openCell')).toEqual([['sweep', 0, 22]]);
    await cell(page, 'lr = 5, beta2 = 0.9999: not run. Run it').click();
    await expect.poll(() => callsOf(page, 'openCell')).toContainEqual(['sweep', 0, 35]);
  });

  test('is one stop of the Tab key, in which arrow keys move', async () => {
    const page = await open();
    const focused = () => page.evaluate('document.activeElement.textContent');
    await cell(page, 'the present configuration').focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toMatch(/^lr = 0\.16, beta2 = 0\.999/);
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toMatch(/^lr = 0\.16, beta2 = 0\.99:/);
    await page.keyboard.press('Home');
    expect(await focused()).toMatch(/^lr = 0\.0005, beta2 = 0\.99:/);
    expect(await page.locator('.heatCell[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOf(page, 'openCell')).toEqual([['sweep', 0, 9]]);
  });

  test('tells the kinds of verdict, the limit and the present configuration without colour', async () => {
    const page = await open();
    expect(await page.getByRole('list', { name: 'Signs' }).innerText()).toMatch(
      /converged[\s\S]*diverged[\s\S]*stability limit[\s\S]*present configuration[\s\S]*not run/,
    );
    const present = await page.locator('.heatCell.present').innerText();
    expect(present).toContain('◆');
    expect(await page.locator('.limitLeft').count()).toBeGreaterThan(0);
  });

  for (const theme of Object.keys(themes) as ThemeName[])
    for (const width of [500, 900, 1600])
      test(`is readable in ${theme} at ${width} px`, async () => {
        const page = await open({ theme, width });
        await page.screenshot({ path: screenshotPath(`sweep-${theme}-${width}`) });
        expect(await axeViolations(page)).toEqual([]);
        expect(await scrollsSideways(page)).toBe(false);
        expect(await cutTexts(page)).toEqual([]);
      });
});
