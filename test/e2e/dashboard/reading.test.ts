import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { runPages, screenshotPath } from './harness';
import { chart, lastView, pixelsLike } from './inPage';

/** What a chart shows is where, and when, it says that it is. */

const open = runPages();

/** The horizontal distance of an element from the left edge of the plot of a chart. */
async function offsetIn(page: Page, quantity: string, selector: string): Promise<number> {
  const owner = (await chart(page, quantity).locator('.plot').boundingBox())!;
  const inner = (await chart(page, quantity).locator(selector).boundingBox())!;
  return inner.x - owner.x;
}

describe('the step cursor', () => {
  test('stays at its step when the width of the page changes', async () => {
    // Without a contour, whose own drawing would draw the charts again.
    const page = await open({ scenario: 'wide', width: 900 });
    const step = page.getByRole('textbox', { name: 'step' });
    await step.fill('300');
    await step.press('Enter');
    for (const width of [620, 1200, 500, 900]) {
      await page.setViewportSize({ width, height: 800 });
      for (const quantity of ['loss', 'gradNorm', 'effectiveLr']) {
        // A chart is drawn when it is nearly visible.
        await chart(page, quantity).scrollIntoViewIfNeeded();
        const beyondEdge = async () => {
          const { width: all } = (await chart(page, quantity).locator('.plot').boundingBox())!;
          return all - (await offsetIn(page, quantity, '.crosshair'));
        };
        // The last step is at the right edge of the plot, up to half a label from that of the canvas.
        await expect.poll(beyondEdge).toBeGreaterThan(6);
        await expect.poll(beyondEdge).toBeLessThan(20);
      }
    }
  });

  test('is under the pointer after every turn of the wheel, and the readout names its step', async () => {
    const page = await open({ scenario: 'clean' });
    const plot = chart(page, 'loss').locator('.plot');
    const { x, y } = (await plot.boundingBox())!;
    await page.mouse.click(x + 137, y + 50);
    for (let i = 0; i < 45; i++) {
      await page.mouse.wheel(0, -100);
      await page.waitForTimeout(20);
      if (i % 9 !== 8) continue;
      await page.waitForTimeout(150);
      const [first, last] = (await lastView(page)).range!;
      const { width } = (await plot.boundingBox())!;
      const perStep = (width - 46 - 8) / (last - first);
      const text = await chart(page, 'loss').locator('.readout > div').first().textContent();
      const named = Number(/step (\d+)/.exec(text!)![1]);
      expect(Math.abs(46 + (named - first) * perStep - 137), text!).toBeLessThan(perStep / 2 + 2);
      // Between two steps, the cursor is at the nearer one.
      expect(Math.abs((await offsetIn(page, 'loss', '.crosshair')) - 137)).toBeLessThan(perStep / 2 + 2);
    }
    expect((await lastView(page)).range![1] - (await lastView(page)).range![0]).toBeLessThan(8);
  });
});

describe('a chart', () => {
  test('shows a dense oscillation as a translucent area, through which other lines can be seen', async () => {
    const page = await open({ scenario: 'oscillating' });
    // The solid colour of the second coordinate covers the two edges of its area only.
    const solid = await pixelsLike(page, 'params', [86, 180, 233]);
    expect(solid).toBeGreaterThan(150);
    expect(solid).toBeLessThan(4000);
    expect(await pixelsLike(page, 'params', [230, 159, 0])).toBeGreaterThan(150);
    for (const theme of ['dark', 'light', 'highContrast'] as const) {
      const shown = await open({ scenario: 'oscillating', theme, height: 1400 });
      await shown.waitForTimeout(300);
      await shown.screenshot({ path: screenshotPath(`oscillating-${theme}`) });
    }
  });

  test('marks a finding about all steps at the edge of the plot only', async () => {
    for (const theme of ['dark', 'light', 'highContrast'] as const) {
      const page = await open({ scenario: 'throughout', theme });
      await page.waitForTimeout(300);
      await page.screenshot({ path: screenshotPath(`throughout-${theme}`) });
      expect(await transparentShare(page, 'loss'), theme).toBeGreaterThan(0.8);
    }
    const partly = await open({ scenario: 'rosenbrock' });
    await expect.poll(() => transparentShare(partly, 'loss')).toBeLessThan(0.75);
  });

  test('names the step at its right edge when it is zoomed', async () => {
    const page = await open({ scenario: 'edge' });
    for (const quantity of ['loss', 'stability'])
      expect(await chart(page, quantity).locator('.summary').textContent()).not.toMatch(/at step/);
    await chart(page, 'loss').getByRole('slider').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    for (const quantity of ['loss', 'effectiveLr', 'stability'])
      await expect
        .poll(() => chart(page, quantity).locator('.summary').textContent())
        .toMatch(/at step 751: /);
  });
});

/** The share of the pixels of a chart on which nothing is drawn. */
function transparentShare(page: Page, quantity: string): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('[data-chart="${quantity}"] canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let clear = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] < 8) clear++;
    return clear / (data.length / 4);
  })()`);
}
