import { describe, expect, test } from 'vitest';
import { runPages, screenshotPath } from './harness';
import { callsOf, chart, cutTexts, scrollsSideways } from './inPage';
import { type ThemeName, themes } from './themes';

const open = runPages();

describe('the terms of the glossary', () => {
  test('of a chart can be reached by Tab, and Enter opens the glossary there', async () => {
    const page = await open({ scenario: 'everything' });
    await chart(page, 'vHat').getByRole('slider').focus();
    const term = chart(page, 'vHat').locator('h2 .term');
    // The title comes before the plot; between them are the buttons that enlarge the chart and open its menu.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(
      await term.evaluate((e) => (e as unknown as { matches(s: string): boolean }).matches(':focus')),
    ).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOf(page, 'openGlossary')).toEqual([['vHat']]);
  });

  test('of the gradient in the header explains how it is computed', async () => {
    const page = await open({ scenario: 'everything' });
    const way = page.locator('.header .config').getByRole('button', { name: 'exact' });
    expect(await way.getAttribute('title')).toBe(
      'Computed by automatic differentiation of your source code, accurate to rounding.\nOpen the glossary at “Exact gradient”',
    );
    await way.press('Enter');
    await expect.poll(() => callsOf(page, 'openGlossary')).toEqual([['Exact gradient']]);
  });

  test('of every quantity in the inspector link to the glossary, with their formula as the description', async () => {
    const page = await open({ scenario: 'everything' });
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const terms = page.locator('.inspector thead .term, .inspector .globals .term');
    const heads = await page
      .locator('.inspector thead th:not(:first-child), .inspector .globals .key')
      .count();
    expect(heads).toBeGreaterThan(15);
    expect(await terms.count()).toBe(heads);
    const cell = page.locator('.inspector th').getByRole('button', { name: 'effective lr' });
    expect(await cell.getAttribute('title')).toMatch(
      /^Effective learning rate: .*\nOpen the glossary at “Effective learning rate”$/,
    );
    await cell.press('Enter');
    await expect.poll(() => callsOf(page, 'openGlossary')).toEqual([['Effective learning rate']]);
  });

  test.each(
    (Object.keys(themes) as ThemeName[]).flatMap((theme) =>
      [500, 900, 1600].map((width) => [theme, width] as const),
    ),
  )('are drawn without truncating anything: %s, %i px', async (theme, width) => {
    const page = await open({ scenario: 'everything', theme, width, height: 900 });
    expect(await cutTexts(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    await chart(page, 'loss').locator('h2 .term').focus();
    await page.screenshot({ path: screenshotPath(`terms-${theme}-${width}`) });
  });
});
