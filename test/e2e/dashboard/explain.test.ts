import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { runPages, screenshotPath } from './harness';
import { callsOf, chart, type PageElement } from './inPage';
import type { ThemeName } from './themes';

/** *Explain this update*, the step cursor's keys, and playing. */

const open = runPages();

const panel = (page: Page) => page.getByRole('complementary', { name: 'Explanation of the update' });
const step = (page: Page) => page.getByRole('textbox', { name: 'step', exact: true });

async function shownStep(page: Page): Promise<number> {
  return Number(await panel(page).locator('.explanationSummary').getAttribute('data-step'));
}

describe('the explanation of an update', () => {
  test('opens at the point of a line that is clicked, with the formula and its numbers', async () => {
    const page = await open({ scenario: 'clean', width: 900, height: 900 });
    const plot = chart(page, 'effectiveLr').locator('.plot');
    await plot.scrollIntoViewIfNeeded();
    const { x, y, height } = (await plot.boundingBox())!;
    // Down the plot until a line is hit.
    for (let at = 4; at < height && !(await panel(page).isVisible()); at += 9) {
      await page.mouse.click(x + 150, y + at);
      await page.waitForTimeout(60);
    }
    await expect.poll(() => shownStep(page)).toBeGreaterThan(100);
    const [runId, explainedStep, coordinate] = (await callsOf(page, 'explainUpdate')).at(-1)!;
    expect([runId, explainedStep]).toEqual(['adam-finished', await shownStep(page)]);
    expect([0, 1]).toContain(coordinate);
    await panel(page).locator('.katex').first().waitFor();
    // MathML for screen readers, and a last line with the result.
    const text = await panel(page).locator('.lines li.result math').textContent();
    expect(text).toContain('Δ');
    expect(
      await panel(page)
        .getByRole('row', { name: /^gradient of step/ })
        .count(),
    ).toBe(10);
    const loadedFonts = () =>
      page.evaluate(
        () =>
          [
            ...(
              globalThis as unknown as { document: { fonts: Iterable<{ family: string; status: string }> } }
            ).document.fonts,
          ].filter(({ family, status }) => family.includes('KaTeX') && status === 'loaded').length,
      );
    await expect.poll(loadedFonts, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  test('follows the step cursor by keys, and Escape closes it', async () => {
    const page = await open({ scenario: 'clean', height: 900 });
    const plot = chart(page, 'loss').locator('.plot');
    await plot.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect.poll(() => shownStep(page)).toBe(1000);
    for (const [key, expected] of [
      ['ArrowLeft', 999],
      ['Shift+ArrowLeft', 989],
      ['ArrowRight', 990],
      ['Shift+ArrowRight', 1000],
      ['Home', 1],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => shownStep(page), { message: key }).toBe(expected);
    }
    expect(
      await panel(page)
        .getByRole('row', { name: /^gradient of step/ })
        .count(),
    ).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => panel(page).isVisible()).toBe(false);
    expect(await step(page).inputValue()).toBe('1');
  });

  test('the keys work without the focus on a chart, and not while something else has it', async () => {
    const page = await open({ scenario: 'clean' });
    await page.locator('body').press('Home');
    expect(await step(page).inputValue()).toBe('1');
    await page.locator('body').press('Shift+ArrowRight');
    expect(await step(page).inputValue()).toBe('11');
    await page.getByRole('button', { name: 'Next step' }).focus();
    await page.keyboard.press('Home');
    expect(await step(page).inputValue()).toBe('11');
  });

  test('Space plays the steps to the end, and a click stops it', async () => {
    const page = await open({ scenario: 'clean' });
    await page.locator('body').press('Home');
    await page.locator('body').press('Space');
    await expect.poll(async () => Number(await step(page).inputValue())).toBeGreaterThan(50);
    await page.getByRole('button', { name: 'Stop playing' }).click();
    const stopped = await step(page).inputValue();
    await page.waitForTimeout(300);
    expect(await step(page).inputValue()).toBe(stopped);
    await page.locator('body').press('Space');
    await expect.poll(async () => Number(await step(page).inputValue()), { timeout: 20_000 }).toBe(1000);
  });

  test('the cursor goes to the steps that stand out', async () => {
    const page = await open({ scenario: 'clean' });
    const go = page.getByRole('combobox', { name: 'Go to a step' });
    for (const name of ['largest update', 'largest gradient', 'lowest loss']) {
      await step(page).fill('500');
      await step(page).press('Enter');
      await go.selectOption(name);
      await expect.poll(() => step(page).inputValue(), { message: name }).not.toBe('500');
    }
    expect(await step(page).inputValue()).toBe('1000');
  });

  test('opens at the step of a finding', async () => {
    const page = await open({ scenario: 'edge', height: 900 });
    await page
      .getByRole('button', { name: /^steps? [\d\s]+/ })
      .first()
      .click();
    await expect.poll(() => shownStep(page)).toBeGreaterThan(1000);
    expect(await step(page).inputValue()).toBe(String(await shownStep(page)));
  });

  test('the contour shows the gradient and the update of the step of the cursor', async () => {
    const page = await open({ scenario: 'clean', width: 900, height: 900 });
    await step(page).fill('30');
    await step(page).press('Enter');
    const image = () =>
      chart(page, 'contour')
        .locator('canvas')
        .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
    await page.waitForTimeout(500);
    const before = await image();
    await page.screenshot({ path: screenshotPath('contour-arrows') });
    await step(page).fill('31');
    await step(page).press('Enter');
    await expect.poll(image).not.toBe(before);
  });

  test('a step that is not recorded is replayed', async () => {
    const page = await open({ scenario: 'strided' });
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await panel(page).getByText('The replay was cancelled.').waitFor();
    const calls = await callsOf(page, 'explainUpdate');
    expect(calls.map(([, , , mayReplay]) => mayReplay)).toEqual([false, true]);
  });

  for (const theme of ['light', 'dark', 'highContrast'] as ThemeName[])
    for (const width of [500, 900, 1600])
      test(`is readable in ${theme} at ${width} px`, async () => {
        const page = await open({ scenario: 'clean', theme, width, height: 900 });
        await page.getByRole('button', { name: 'Explain', exact: true }).click();
        await panel(page).locator('.katex').first().waitFor();
        await page.waitForTimeout(150);
        await page.screenshot({ path: screenshotPath(`explain-${theme}-${width}`) });
        // What does not fit can be reached by scrolling in the panel, not of the page.
        const { scrollWidth, clientWidth } = await page.locator('html').evaluate((element) => {
          const { scrollWidth, clientWidth } = element as unknown as PageElement;
          return { scrollWidth, clientWidth };
        });
        expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
      });
});
