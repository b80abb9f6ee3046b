import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { exactNumber } from '../../../webview/numberText';
import { runPages } from './harness';
import { axeViolations, callsOf, chart, lastView, picture, pixelsLike, scrollsSideways } from './inPage';
import type { Fake } from './page/fakeHost';
import { scenarios } from './page/scenarios';

declare const fake: Fake;

const open = runPages();

async function choose(page: Page, quantity: string, item: string): Promise<void> {
  await chart(page, quantity)
    .getByRole('button', { name: /options/ })
    .click();
  await page.getByRole('menuitemcheckbox', { name: item }).click();
}

const [orange, foreground, blue, red] = [
  [230, 159, 0],
  [204, 204, 204],
  [55, 148, 255],
  [241, 76, 76],
] as const;

describe('two quantities in one chart', () => {
  test('have different colours, and both are named', async () => {
    const page = await open({ scenario: 'everything' });
    for (const quantity of ['predictedChange', 'updateNorm']) {
      expect(await pixelsLike(page, quantity, foreground), quantity).toBeGreaterThan(60);
      expect(await pixelsLike(page, quantity, blue), quantity).toBeGreaterThan(40);
    }
    const summary = chart(page, 'predictedChange').locator('.summary');
    expect(await summary.textContent()).toMatch(/^predicted .* · actual /);
    expect(await chart(page, 'actualChange').count()).toBe(0);
    expect((await lastView(page)).quantities).toEqual(
      expect.arrayContaining(['predictedChange', 'actualChange']),
    );
  });

  test('both have a column in the table', async () => {
    const page = await open({ scenario: 'everything' });
    await choose(page, 'predictedChange', 'Table');
    const head = chart(page, 'predictedChange').locator('thead th');
    await head.nth(2).waitFor();
    expect(await head.allTextContents()).toEqual(['step', 'predicted Δf', 'actual Δf']);
    // The change at the last step is unknown: no number, but no error either.
    expect(
      await chart(page, 'predictedChange').locator('tbody tr').last().locator('td').last().textContent(),
    ).toBe('–');
  });

  test('share a symmetric log axis', async () => {
    const page = await open({ scenario: 'everything' });
    const before = await pixelsLike(page, 'mHat', orange);
    await choose(page, 'mHat', 'Log axis');
    await expect.poll(() => pixelsLike(page, 'mHat', orange)).toBeGreaterThan(before * 1.2);
  });
});

describe('the uncorrected moments', () => {
  test.each([
    ['mHat', 'm', 'm'],
    ['vHat', 'v', 'v'],
    ['absUpdate', 'uncorrectedUpdate', 'none'],
  ])(
    'are drawn into %s while they are enabled, and only then requested from the host',
    async (quantity, extra, own) => {
      const page = await open({ scenario: 'everything' });
      if (own !== 'none') {
        await chart(page, own)
          .getByRole('button', { name: /options/ })
          .click();
        await page.getByRole('menuitem', { name: 'Hide' }).click();
        await expect.poll(async () => (await lastView(page)).quantities).not.toContain(own);
      }
      expect((await lastView(page)).quantities).not.toContain(extra);
      const before = await picture(page, quantity);
      await choose(page, quantity, 'Uncorrected');
      await expect.poll(async () => (await lastView(page)).quantities).toContain(extra);
      // The line hides about as many pixels of the corrected line as it adds, so a count of pixels would not
      // differ.
      await expect.poll(() => picture(page, quantity)).not.toBe(before);
      await expect
        .poll(() => chart(page, quantity).getByRole('slider').getAttribute('aria-valuetext'))
        .toContain('x uncorrected');
      await page.reload();
      await page.waitForFunction(() => fake.calls.some(([call]) => call === 'ack'));
      expect((await lastView(page)).quantities).toContain(extra);
      await choose(page, quantity, 'Uncorrected');
      await expect.poll(async () => (await lastView(page)).quantities).not.toContain(extra);
      await expect.poll(() => picture(page, quantity)).toBe(before);
    },
  );
});

describe('additional quantities', () => {
  test('are in a menu that is grouped by topic and stays open', async () => {
    const page = await open({ scenario: 'everything', width: 480 });
    expect(await chart(page, 'preconditioner').count()).toBe(0);
    expect((await lastView(page)).quantities).not.toContain('preconditioner');
    await page.getByRole('button', { name: /^Charts / }).click();
    const group = page.getByRole('group', { name: 'Divisor' });
    expect(await group.getByRole('menuitemcheckbox').allTextContents()).toEqual([
      ' Preconditioner',
      ' eps share',
      ' Fisher estimate',
    ]);
    expect(await scrollsSideways(page)).toBe(false);
    expect(await axeViolations(page)).toEqual([]);
    await group.getByRole('menuitemcheckbox', { name: 'Preconditioner' }).click();
    await group.getByRole('menuitemcheckbox', { name: 'eps share' }).click();
    await chart(page, 'epsShare').waitFor();
    await expect
      .poll(async () => (await lastView(page)).quantities)
      .toEqual(expect.arrayContaining(['preconditioner', 'epsShare']));
    await page.keyboard.press('Escape');
    await page.getByRole('menu', { name: 'Charts' }).waitFor({ state: 'detached' });
  });

  test('are in the inspector on demand, and only then requested from the host', async () => {
    const page = await open({ scenario: 'everything', width: 1200 });
    const heads = () => page.locator('.inspectorTable thead th').allTextContents();
    await page.locator('.inspectorTable td').first().waitFor();
    expect(await heads()).not.toContain('P');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    expect(await heads()).toEqual(expect.arrayContaining(['P', 'eps / P', 'B·vHat', '|Δθ| / |θ|']));
    const { values } = (await scenarios.everything()).rows([1000], ['preconditioner'], [0]);
    await expect
      .poll(() => page.locator('.inspectorTable tbody tr').first().textContent())
      .toContain(exactNumber(values[0]!));
    await page.reload();
    await page.getByRole('button', { name: 'Less', exact: true }).click();
    expect(await heads()).not.toContain('P');
    await expect.poll(async () => (await callsOf(page, 'rows')).at(-1)?.[2]).not.toContain('preconditioner');
    expect(await scrollsSideways(page)).toBe(false);
  });
});

describe('a run that switches optimizers', () => {
  test('interrupts the lines where there are no moments, and reports no error', async () => {
    const page = await open({ scenario: 'switching' });
    const whole = await open({ scenario: 'everything' });
    expect(await pixelsLike(page, 'vHat', orange)).toBeLessThan(
      0.8 * (await pixelsLike(whole, 'vHat', orange)),
    );
    for (const quantity of ['mHat', 'vHat', 'snr', 'm', 'v']) {
      expect(await pixelsLike(page, quantity, red), quantity).toBe(0);
      expect(await chart(page, quantity).textContent()).not.toContain('not finite');
    }
    await page.locator('.inspectorTable td', { hasText: '–' }).first().waitFor();
  });
});
