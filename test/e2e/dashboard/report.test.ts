import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { exactNumber } from '../../../webview/numberText';
import { dashboardPages, type OpenOptions, screenshotPath } from './harness';
import { axeViolations, callsOf, chart, cutTexts, drawnTexts, pixelsLike, scrollsSideways } from './inPage';
import type { Fake } from './page/fakeHost';
import { reports } from './page/reports';
import type { ThemeName } from './themes';

declare const fake: Fake;

interface PageGlobal {
  getComputedStyle(element: unknown): { readonly textAlign: string };
}

const openPage = dashboardPages();

/** Opens a report and waits until its charts are drawn. */
async function open(options: OpenOptions): Promise<Page> {
  const page = await openPage(options);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  return page;
}

const { report: comparison } = await reports.compare();
const losses = comparison!.charts[0]!;
const [orange, skyBlue, vermillion] = [
  [230, 159, 0],
  [86, 180, 233],
  [213, 94, 0],
] as const;

async function choose(page: Page, title: string, item: string): Promise<void> {
  await chart(page, title)
    .getByRole('button', { name: /options/ })
    .click();
  await page.getByRole('menuitemcheckbox', { name: item, exact: true }).click();
}

describe('a report in progress', () => {
  test('shows how many runs are done, and can be stopped', async () => {
    const page = await open({ scenario: 'reportRunning' });
    await page.locator('.status', { hasText: '7 of 70 runs' }).waitFor();
    const bar = page.getByRole('progressbar', { name: 'Runs done' });
    expect([await bar.getAttribute('aria-valuenow'), await bar.getAttribute('aria-valuemax')]).toEqual([
      '7',
      '70',
    ]);
    await page.evaluate(() => fake.report({ progress: [35, 70] }));
    await page.locator('.status', { hasText: '35 of 70 runs' }).waitFor();
    expect(await bar.getAttribute('aria-valuenow')).toBe('35');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect.poll(() => callsOf(page, 'stop')).toEqual([['reportRunning']]);
    await page.evaluate(() => fake.report({ status: 'stopped' }));
    await page.locator('.status', { hasText: 'Stopped by you after 35 of 70 runs' }).waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
  });

  test('that fails shows the reason, with a link to the line', async () => {
    const page = await open({ scenario: 'reportFailed' });
    await page.getByRole('alert').filter({ hasText: 'The loss threw' }).waitFor();
    await page.getByRole('button', { name: 'Show line 19' }).click();
    await page.getByRole('button', { name: 'src/fit.ts:12' }).click();
    await expect.poll(async () => (await callsOf(page, 'reveal')).length).toBe(2);
  });
});

describe('its charts', () => {
  test('draw every line in its colour, and no longer once it is hidden', async () => {
    const page = await open({ scenario: 'compare' });
    for (const colour of [orange, skyBlue, vermillion]) {
      expect(await pixelsLike(page, 'Loss', colour)).toBeGreaterThan(100);
    }
    await page.getByRole('button', { name: 'amsgrad lr=0.05' }).click();
    await page.mouse.move(5, 5);
    await expect.poll(() => pixelsLike(page, 'Loss', vermillion)).toBe(0);
    expect(await pixelsLike(page, 'Loss', skyBlue)).toBeGreaterThan(100);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => pixelsLike(page, 'Loss', vermillion)).toBeGreaterThan(100);
  });

  test('have a log axis if the report requests it, or the user does', async () => {
    const page = await open({ scenario: 'compare' });
    expect(await drawnTexts(page)).toEqual(expect.arrayContaining(['10⁻²', '10¹', '500', '1000']));
    await choose(page, 'Loss', 'Log axis: step');
    await page.waitForTimeout(200);
    const logX = await drawnTexts(page);
    expect(logX).toEqual(expect.arrayContaining(['10', '100', '1000']));
    expect(logX).not.toContain('500');
    await choose(page, 'Loss', 'Log axis: loss');
    await page.waitForTimeout(200);
    expect(await drawnTexts(page)).not.toContain('10⁻²');
  });

  test('remain linear if a log axis is impossible, and say so', async () => {
    const page = await open({ scenario: 'signed' });
    await expect
      .poll(() => chart(page, 'Gain').locator('.summary').textContent())
      .toContain('Linear axis of gain');
    expect((await drawnTexts(page)).filter((text) => /NaN|Infinity/.test(text))).toEqual([]);
  });

  test('label the marks on the x axis, and fill the spread', async () => {
    const page = await open({ scenario: 'rangeTest' });
    const title = 'Loss while the learning rate grows';
    expect(await drawnTexts(page)).toEqual(
      expect.arrayContaining(['valley', 'steepest', 'minimum / 10', 'slide', '10⁻⁶']),
    );
    expect(await chart(page, title).locator('.summary').textContent()).toContain('valley 0.0021');
    // A fifth of #dddddd over #1f1f1f.
    expect(await pixelsTranslucent(page, title)).toBeGreaterThan(200);
  });

  test('show exact values at the pointer', async () => {
    const page = await open({ scenario: 'compare', width: 1200 });
    const plot = chart(page, 'Loss').locator('.plot');
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width - 22, box.y + 100);
    const readout = chart(page, 'Loss').locator('.readout');
    await readout.waitFor();
    const { name, points } = losses.lines[2]!;
    const text = (await readout.textContent())!;
    const step = Number(/^step (\d+?)sgd/.exec(text)?.[1]);
    expect(step).toBeGreaterThan(980);
    expect(text).toContain(`${name}${exactNumber(points[2 * step - 1]!)}`);
    const inside = (await readout.boundingBox())!;
    expect(inside.y + inside.height).toBeLessThanOrEqual(box.y + box.height + 1);
    await page.mouse.move(5, 5);
    await readout.waitFor({ state: 'detached' });
  });

  test('can be read by keyboard: arrows move, plus zooms about the position, 0 shows all', async () => {
    const page = await open({ scenario: 'compare' });
    const plot = chart(page, 'Loss').getByRole('slider');
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await plot.getAttribute('aria-valuenow')).toBe('998');
    expect(await plot.getAttribute('aria-valuetext')).toContain(
      `step 999: sgd lr=0.001 ${exactNumber(losses.lines[0]!.points[2 * 998 + 1]!)}`,
    );
    await page.keyboard.press('Home');
    for (let i = 0; i < 4; i++) await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Reset zoom' }).waitFor();
    expect(await drawnTexts(page)).toContain('50');
    await page.keyboard.press('0');
    await page.getByRole('button', { name: 'Reset zoom' }).waitFor({ state: 'detached' });
  });

  test('zoom to the range of a drag', async () => {
    const page = await open({ scenario: 'compare', width: 1200 });
    const box = (await chart(page, 'Loss').locator('.plot').boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 80, { steps: 4 });
    await page.mouse.move(box.x + 420, box.y + 80, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Reset zoom' }).waitFor();
    const texts = await drawnTexts(page);
    expect(texts).toContain('200');
    expect(texts).not.toContain('1000');
    await page.getByRole('button', { name: 'Reset zoom' }).click();
    await expect.poll(() => drawnTexts(page)).toContain('1000');
  });

  test('have a table, and keep their settings after a reload', async () => {
    const page = await open({ scenario: 'compare' });
    await page.getByRole('button', { name: 'signsgd lr=0.01' }).click();
    await choose(page, 'Loss', 'Table');
    const cells = () => chart(page, 'Loss').locator('tbody tr').last().locator('th, td').allTextContents();
    const wanted = ['1000', ...losses.lines.slice(0, 9).map(({ points }) => exactNumber(points.at(-1)!))];
    expect(await cells()).toEqual(wanted);
    await page.reload();
    await chart(page, 'Loss').locator('table').waitFor();
    expect(await cells()).toEqual(wanted);
  });

  test('change their colours when the theme changes', async () => {
    const page = await open({ scenario: 'rangeTest' });
    const title = 'Loss while the learning rate grows';
    expect(await pixelsLike(page, title, [204, 204, 204])).toBeGreaterThan(100);
    await page.evaluate("document.documentElement.style.setProperty('--vscode-foreground', '#ff00ff')");
    await expect.poll(() => pixelsLike(page, title, [255, 0, 255])).toBeGreaterThan(100);
  });

  test('of ten lines with a thousand points are drawn well within a frame', async () => {
    const page = await open({ scenario: 'compare' });
    const median = (await page.evaluate(
      `(async () => {
        for (let i = 0; i < 12; i++) {
          document.documentElement.style.setProperty('--vscode-foreground', '#ccccc' + (i % 10));
          await new Promise((done) => setTimeout(done, 40));
        }
        const all = performance.getEntriesByName('adamscope:paint').slice(-10).map((entry) => entry.duration);
        return all.sort((a, b) => a - b)[5];
      })()`,
    )) as number;
    expect(median).toBeLessThan(40);
  });
});

/**
 * The number of pixels that have neither the background colour nor the full colour of a line, because they
 * are translucent.
 */
function pixelsTranslucent(page: Page, title: string): Promise<number> {
  return chart(page, title)
    .locator('canvas')
    .evaluate((element) => {
      const canvas = element as unknown as {
        width: number;
        height: number;
        getContext(kind: '2d'): {
          getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
        };
      };
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 45 && data[i]! < 58) count++;
      return count;
    });
}

describe('a comparison with runs that diverge', () => {
  test('shows the losses that matter, marks those beyond, and can show all', async () => {
    const page = await open({ scenario: 'compareDiverging', width: 900, height: 1300 });
    const title = 'Final loss by learning rate';
    const summary = chart(page, title).locator('.summary');
    await expect.poll(() => summary.textContent()).toMatch(/▲ beyond 505/);
    expect(await summary.textContent()).toMatch(/^Lowest final loss: \w+, \S+ at learning rate /);
    expect(await drawnTexts(page)).not.toContain('10⁵⁰');
    for (const theme of ['dark', 'light', 'highContrast'] as const)
      for (const width of [500, 900]) {
        const shown = await open({ scenario: 'compareDiverging', theme, width, height: 1300 });
        await shown.waitForTimeout(200);
        await shown.screenshot({ path: screenshotPath(`diverging-${theme}-${width}`) });
        expect(await cutTexts(shown)).toEqual([]);
      }
    await choose(page, title, 'All values of final loss');
    await expect.poll(() => summary.textContent()).not.toMatch(/▲/);
  });

  test('shows an optimizer in the same colour in every chart', async () => {
    const page = await open({ scenario: 'compareDiverging' });
    const colourOf = (title: string, name: RegExp) =>
      chart(page, title).getByRole('button', { name }).locator('svg, .swatch').first().innerHTML();
    for (const name of [/^sgd/, /^rmsprop/, /^adam/])
      expect(await colourOf('Loss', name)).toBe(await colourOf('Final loss by learning rate', name));
  });
});

describe('its tables', () => {
  test('have buttons that pass the table and the row to the host', async () => {
    const page = await open({ scenario: 'compare', width: 1200 });
    const rows = page.locator('.reportTable tbody tr');
    await rows.nth(2).getByRole('button', { name: 'Run with this: adam' }).click();
    await rows.nth(5).getByRole('button', { name: 'Write to annotation: adamax' }).click();
    await expect.poll(() => callsOf(page, 'runRow')).toEqual([['compare', 0, 2]]);
    await expect.poll(() => callsOf(page, 'applyRow')).toEqual([['compare', 0, 5]]);
  });

  test('keep the buttons visible in a narrow panel, also when the columns are scrolled, with only the name in its cell', async () => {
    const page = await open({ scenario: 'invariances', width: 480 });
    const row = page.locator('.reportTable tbody tr', { hasText: 'rotation' });
    expect(await row.getByRole('rowheader', { name: 'rotation by 30°', exact: true }).count()).toBe(1);
    const button = row.getByRole('button', { name: 'Run with this: rotation by 30°' });
    const before = (await button.boundingBox())!;
    await page.locator('.reportTableView').evaluate((region) => {
      (region as unknown as { scrollLeft: number }).scrollLeft = 150;
    });
    const after = (await button.boundingBox())!;
    expect(Math.abs(after.x - before.x)).toBeLessThan(10);
    await button.click();
    await expect.poll(() => callsOf(page, 'runRow')).toEqual([['invariances', 0, 2]]);
  });

  test('show a verdict as a word beside its mark, and no button if there is nothing to run', async () => {
    const page = await open({ scenario: 'invariances' });
    expect(await page.locator('.rowVerdict').allTextContents()).toEqual(
      ['pass', 'pass', 'fail', 'not applicable'].map((word) => ` ${word}`),
    );
    expect(await page.locator('.rowVerdict svg').count()).toBe(4);
    expect(await page.locator('tbody .rowActions').count()).toBe(1);
    const number = page.locator('td.number').first();
    expect(
      await number.evaluate((cell) => (globalThis as unknown as PageGlobal).getComputedStyle(cell).textAlign),
    ).toBe('right');
  });

  test('show a message when the host refuses a button', async () => {
    const page = await open({ scenario: 'compare' });
    await page.evaluate(() => {
      fake.reject.applyRow = 'The file has changed since.';
    });
    await page.getByRole('button', { name: 'Write to annotation: adam', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'The file has changed since.' }).waitFor();
  });
});

describe('the history', () => {
  test('leads from a report to a run and back', async () => {
    const page = await open({ scenario: 'compare' });
    const history = page.getByRole('combobox', { name: 'Run history' });
    await history.click();
    await page.getByRole('option', { name: /adam lr 0.05/ }).click();
    await page.getByRole('heading', { level: 1, name: 'rosenbrock' }).waitFor();
    await expect.poll(() => pixelsLike(page, 'mHat', orange)).toBeGreaterThan(30);
    expect(await chart(page, 'Loss').count()).toBe(0);
    await history.click();
    await page.getByRole('option', { name: /Compare optimizers/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Compare optimizers' }).waitFor();
    await expect.poll(() => pixelsLike(page, 'Loss', orange)).toBeGreaterThan(100);
    expect(await callsOf(page, 'selectRun')).toEqual([['adam-finished'], ['compare']]);
    await history.click();
    await page.getByRole('option', { name: /adam lr 0.05/ }).click();
    await expect.poll(() => pixelsLike(page, 'mHat', orange)).toBeGreaterThan(30);
  });
});

describe('at every width', () => {
  test.each([400, 480, 900, 1600])(
    'at %i px nothing is truncated, and the page does not scroll sideways',
    async (width) => {
      for (const scenario of ['compare', 'rangeTest', 'invariances', 'reportRunning'] as const) {
        const page = await open({ scenario, width });
        expect(await cutTexts(page), scenario).toEqual([]);
        expect(await scrollsSideways(page), scenario).toBe(false);
        const actions = page.locator('.rowActions').first();
        if ((await actions.count()) > 0) {
          const box = (await actions.boundingBox())!;
          expect(box.x + box.width, scenario).toBeLessThanOrEqual(width);
        }
      }
    },
  );
});

describe('accessibility', () => {
  const cases = (['dark', 'light', 'highContrast'] as const).flatMap((theme) =>
    (['compare', 'rangeTest', 'invariances', 'reportRunning', 'reportFailed'] as const).map(
      (scenario) => [scenario, theme] as const,
    ),
  );
  test.each(cases)('axe finds no violation: %s, %s', async (scenario, theme: ThemeName) => {
    const page = await open({ scenario, theme });
    if (scenario === 'compare') await page.getByRole('button', { name: 'Loss: options' }).click();
    await page.waitForTimeout(200);
    expect(await axeViolations(page)).toEqual([]);
  });
});

describe('a chart that is saved', () => {
  for (const format of ['PNG', 'SVG'])
    test(`is a ${format} of what is shown`, async () => {
      const page = await open({ scenario: 'compare' });
      await chart(page, 'Loss')
        .getByRole('button', { name: /options/ })
        .click();
      await page.getByRole('menuitem', { name: `Save as ${format}…` }).click();
      await expect.poll(async () => (await callsOf(page, 'savePicture')).length).toBe(1);
      const [[name, kind, content]] = (await callsOf(page, 'savePicture')) as [[string, string, string]];
      expect([name, kind]).toEqual(['Compare optimizers-Loss', format.toLowerCase()]);
      if (format === 'PNG') {
        const bytes = Buffer.from(content, 'base64');
        expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
        expect(bytes.length).toBeGreaterThan(10_000);
        await writeFile(screenshotPath('saved-chart'), bytes);
      } else {
        expect(content).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
        expect(content.match(/<path d="M/g)!.length).toBeGreaterThan(losses.lines.length);
      }
    });
});
