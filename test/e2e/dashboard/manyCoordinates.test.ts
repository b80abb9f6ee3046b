import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type OpenOptions, runPages, screenshotPath } from './harness';
import { callsOf, chart, lastView, type PageElement, picture } from './inPage';

/** Runs with many coordinates: distributions over all of them, and those that matter. */

const openPage = runPages();

async function open(options: OpenOptions): Promise<Page> {
  const page = await openPage(options);
  await page.getByRole('region', { name: 'Coordinates that matter', exact: true }).waitFor();
  return page;
}

const ranks = (page: Page) => page.getByRole('region', { name: 'Coordinates that matter', exact: true });

async function chooseRows(page: Page, text: string): Promise<void> {
  const map = chart(page, 'heatmap');
  await map.getByRole('combobox', { name: 'Rows of the heatmap' }).click();
  await map.getByRole('option', { name: text, exact: true }).click();
}

describe('a run with named groups', () => {
  test('has a heatmap with the groups of a level as rows', async () => {
    const page = await open({ scenario: 'layers' });
    const map = chart(page, 'heatmap');
    await map.getByText('root mean square of each of 3 groups').waitFor();
    expect(await map.getByRole('heading').textContent()).toBe('Heatmap RMS of groups');
    await map.locator('.plot').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Home');
    const status = map.getByRole('status');
    await expect.poll(() => status.textContent()).toMatch(/^encoder, step 1, root mean square \S+$/);
    await chooseRows(page, '5 groups, level 2');
    await map.getByText('root mean square of each of 5 groups').waitFor();
    expect(await callsOf(page, 'heatmap')).toContainEqual(['layers', 'absUpdate', 2]);
    await map.locator('.plot').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => status.textContent()).toMatch(/^encoder\.b, step 1, root mean square \S+$/);
    await chooseRows(page, '19 groups, level 3');
    await map.getByRole('button', { name: 'Heatmap: options' }).click();
    await map.getByRole('menuitemcheckbox', { name: 'Table' }).click();
    await expect
      .poll(() => map.getByRole('rowheader').allTextContents())
      .toEqual(expect.arrayContaining(['encoder.w[0]', 'encoder.b', 'decoder.w[7]', 'scale']));
  });

  test('is searched by group, and its coordinates have the names of their ranges', async () => {
    const page = await open({ scenario: 'layers' });
    await page.getByRole('button', { name: '5 of 150…' }).click();
    const picker = page.getByRole('dialog', { name: 'Choose coordinates' });
    await picker.getByText('50 more match. Type more to narrow the list.').waitFor();
    await picker.getByRole('combobox', { name: 'Group of coordinates' }).click();
    await picker.getByRole('option', { name: 'decoder.w (64)', exact: true }).click();
    await picker.getByText('64 matches.').waitFor();
    await picker.getByRole('textbox', { name: 'Search coordinates' }).fill('w[7][');
    await picker.getByText('8 matches.').waitFor();
    const names = await picker.getByRole('checkbox').allTextContents();
    expect(names.map((name) => name.trim())).toEqual(
      Array.from({ length: 8 }, (_, i) => `decoder.w[7][${i}]`),
    );
    await picker.getByRole('checkbox').first().click();
    await expect.poll(async () => (await lastView(page)).coordinates).toContain(8 * 8 + 8 + 7 * 8);
    await picker.getByRole('textbox', { name: 'Search coordinates' }).fill('encoder');
    await picker.getByText('No coordinate matches.').waitFor();
  });

  test.each(['dark', 'light', 'highContrast'] as const)('looks right in %s', async (theme) => {
    for (const width of [500, 900, 1600]) {
      const page = await open({ scenario: 'layers', theme, width, height: 1000 });
      await chooseRows(page, '19 groups, level 3');
      const map = chart(page, 'heatmap');
      await map.getByText('root mean square of each of 19 groups').waitFor();
      await map.evaluate((e) => (e as unknown as PageElement).scrollIntoView({ block: 'center' }));
      await page.waitForTimeout(300);
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      await page.screenshot({ path: screenshotPath(`layers-${theme}-${width}`) });
      await page.getByRole('button', { name: '5 of 150…' }).click();
      await page.screenshot({ path: screenshotPath(`layersPicker-${theme}-${width}`) });
    }
  });
});

describe('a run with many coordinates', () => {
  test('shows the coordinates that matter first, with the reason, and the distribution of all', async () => {
    const page = await open({ scenario: 'net' });
    await expect.poll(async () => (await lastView(page)).coordinates.length).toBe(5);
    const chips = await page
      .getByRole('group', { name: 'Shown coordinates' })
      .locator('.chip')
      .allTextContents();
    expect(chips.some((text) => /^(w1|b1)\[\d+\]largest update$/.test(text))).toBe(true);
    expect(chips.some((text) => /^w1\[3\]dead$/.test(text))).toBe(true);
    const summary = chart(page, 'effectiveLr').locator('.summary');
    await expect
      .poll(() => summary.textContent())
      .toMatch(/^all 150: median \S+ \(5 to 95 %: \S+ to \S+; min \S+, max \S+\)$/);
    expect(await summary.getAttribute('title')).toContain(
      'Line: median; areas: 25 to 75 % (solid edge), 5 to 95 % (dashed), min to max (dotted)',
    );
    // Without selected coordinates, the bands remain.
    await page.getByRole('button', { name: '5 of 150…' }).click();
    await page.getByRole('button', { name: 'None' }).click();
    await expect.poll(async () => (await lastView(page)).coordinates).toEqual([]);
    await expect.poll(() => summary.textContent()).toMatch(/^all 150: median/);
    const plot = chart(page, 'effectiveLr').locator('.plot');
    await page.keyboard.press('Escape');
    // Above the inspector, which covers the bottom of the page.
    await plot.evaluate((e) => (e as unknown as PageElement).scrollIntoView({ block: 'center' }));
    const { x, y, width } = (await plot.boundingBox())!;
    await page.mouse.move(x + width / 2, y + 60);
    await expect
      .poll(() => plot.locator('.readoutBand').textContent())
      .toMatch(/^all 150, at step \d+min \S+5 % \S+25 % \S+median \S+75 % \S+95 % \S+max \S+$/);
    expect(await plot.getAttribute('aria-valuetext')).toMatch(/all 150: median/);
  });

  test('lists the coordinates by reason, at the ranked step nearest to the cursor, and selects one by a click', async () => {
    const page = await open({ scenario: 'net' });
    const rows = ranks(page).getByRole('row');
    expect(await rows.getByRole('rowheader').allTextContents()).toEqual([
      'largest update',
      'largest contribution',
      'most eps-dominated',
      'lowest signal-to-noise ratio',
      'dead',
    ]);
    await ranks(page).getByText('21 of 150 dead').waitFor();
    const second = rows.first().getByRole('button').nth(1);
    const name = (await second.textContent())!.split(' ')[0]!;
    const before = (await lastView(page)).coordinates;
    const wasShown = (await second.getAttribute('aria-pressed')) === 'true';
    await second.click();
    await expect
      .poll(async () => (await lastView(page)).coordinates.length)
      .toBe(before.length + (wasShown ? -1 : 1));
    const chip = page.getByRole('group', { name: 'Shown coordinates' }).getByRole('button', { name });
    expect(await chip.count()).toBe(wasShown ? 0 : 1);
    const step = page.getByRole('textbox', { name: 'step' });
    await step.fill('12');
    await step.press('Enter');
    await ranks(page).getByText('at step 13, the ranked step nearest to 12').waitFor();
    expect(await callsOf(page, 'ranking')).toContainEqual(['net', 12]);
  });

  test('shows a heatmap that is read by pointer, keys and table', async () => {
    const page = await open({ scenario: 'net' });
    const map = chart(page, 'heatmap');
    await chooseRows(page, 'blocks of coordinates');
    await map.getByText('medians of blocks of 3 coordinates').waitFor();
    expect(await callsOf(page, 'heatmap')).toContainEqual(['net', 'absUpdate', 0]);
    await map.locator('.plot').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await expect
      .poll(() => map.getByRole('status').textContent())
      .toMatch(/^w1\[3\] to w1\[4\], step 1, median size \S+$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('textbox', { name: 'step' }).inputValue()).toBe('1');
    await map.getByRole('combobox', { name: 'Quantity of the heatmap' }).click();
    await map.getByRole('option', { name: 'Gradient', exact: true }).click();
    await expect.poll(() => callsOf(page, 'heatmap')).toContainEqual(['net', 'grad', 0]);
    await map.getByRole('button', { name: 'Heatmap: options' }).click();
    await map.getByRole('menuitemcheckbox', { name: 'Table' }).click();
    expect(await map.getByRole('row').count()).toBe(65);
    expect(await map.getByRole('columnheader').allTextContents()).toHaveLength(7);
  });

  test.each(['dark', 'light', 'highContrast'] as const)('looks right in %s', async (theme) => {
    for (const width of [500, 900, 1600]) {
      const page = await open({ scenario: 'net', theme, width, height: 1000 });
      await page.waitForTimeout(400);
      expect(await picture(page, 'effectiveLr')).not.toBe('');
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      await page.screenshot({ path: screenshotPath(`net-${theme}-${width}`) });
    }
  });
});
