import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { recordPlaces } from '../../../src/core/trace/layout';
import { exactNumber, shortNumber } from '../../../webview/numberText';
import { dashboardPages, type OpenOptions, screenshotPath } from './harness';
import {
  axeViolations,
  callsOf,
  chart,
  cutTexts,
  drawnTexts,
  lastView,
  type PageElement,
  picture,
  pixelsLike,
  scrollsSideways,
} from './inPage';
import type { Fake } from './page/fakeHost';
import { type ScenarioName, scenarios } from './page/scenarios';
import type { ThemeName } from './themes';

/** The globals of the page that functions of this test use in the page. */
declare const fake: Fake;

const openPage = dashboardPages();

/** Opens a scenario and waits until its charts are drawn. */
async function open(options: OpenOptions): Promise<Page> {
  const page = await openPage(options);
  if (!['empty', 'silent', 'loading', 'queued', 'failedAtOnce'].includes(options.scenario)) {
    await page.waitForFunction(() => fake.calls.some(([call]) => call === 'ack'));
  }
  return page;
}

const [orange, skyBlue] = [
  [230, 159, 0],
  [86, 180, 233],
] as const;

describe('charts', () => {
  test('draw the visible coordinates in the same colours in every chart, and no longer once they are hidden', async () => {
    const page = await open({ scenario: 'clean' });
    for (const quantity of ['effectiveLr', 'mHat', 'vHat', 'params']) {
      expect(await pixelsLike(page, quantity, orange), `${quantity}, x`).toBeGreaterThan(30);
      expect(await pixelsLike(page, quantity, skyBlue), `${quantity}, y`).toBeGreaterThan(30);
    }
    await page.getByRole('button', { name: 'y', exact: true }).click();
    await expect.poll(() => pixelsLike(page, 'params', skyBlue)).toBe(0);
    expect(await pixelsLike(page, 'params', orange)).toBeGreaterThan(60);
    await expect.poll(async () => (await lastView(page)).coordinates).toEqual([0]);
  });

  test('depend on the quantities of the optimizer: sgd has no second moment', async () => {
    const page = await open({ scenario: 'diverging' });
    expect(await chart(page, 'vHat').count()).toBe(0);
    expect(await chart(page, 'updateOverBound').count()).toBe(0);
    expect(await chart(page, 'absUpdate').textContent()).toContain('SGD has no bound');
  });

  test('have a fixed order', async () => {
    const page = await open({ scenario: 'clean' });
    const order = await page
      .locator('[data-chart]')
      .evaluateAll((cards) =>
        cards.map((card) => (card as unknown as { dataset: { chart: string } }).dataset.chart),
      );
    expect(order.slice(0, 8)).toEqual([
      'contour',
      'loss',
      'gradNorm',
      'effectiveLr',
      'updateOverBound',
      'absUpdate',
      'mHat',
      'vHat',
    ]);
  });

  test('have a text with the last value, the range and the trend', async () => {
    const page = await open({ scenario: 'clean' });
    const { run } = await scenarios.clean();
    const losses = Array.from({ length: run.trace!.rows }, (_, row) => run.trace!.at(row, recordPlaces.loss));
    const summary = await chart(page, 'loss').locator('.summary').textContent();
    expect(summary).toMatch(/^last (≈ )?\S+, falling; range /);
    expect(summary).toContain(`– ${Number(Math.max(...losses).toPrecision(3))}`);
  });

  test('can be shown as a table with the host’s values to six digits', async () => {
    const page = await open({ scenario: 'few' });
    await chart(page, 'mHat')
      .getByRole('button', { name: /options/ })
      .click();
    await page.getByRole('menuitemcheckbox', { name: 'Table' }).click();
    const table = chart(page, 'mHat').locator('table');
    await table.waitFor();
    const shown = await table
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...(row as unknown as { cells: Iterable<PageElement> }).cells].map((cell) => cell.textContent),
        ),
      );
    const rows = (await scenarios.few()).rows([1, 2, 3], ['mHat'], [0, 1]);
    expect(shown).toEqual(
      rows.steps.map((step, row) => [
        String(step),
        exactNumber(rows.values[row * 2]!),
        exactNumber(rows.values[row * 2 + 1]!),
      ]),
    );
  });

  test('keep their settings when the page is loaded again', async () => {
    const page = await open({ scenario: 'clean' });
    await chart(page, 'lr')
      .getByRole('button', { name: /options/ })
      .click();
    await page.getByRole('menuitem', { name: 'Hide' }).click();
    await chart(page, 'lr').waitFor({ state: 'detached' });
    await expect.poll(async () => (await lastView(page)).quantities).not.toContain('lr');
    await page.reload();
    await chart(page, 'loss').waitFor();
    expect(await chart(page, 'lr').count()).toBe(0);
    await page.getByRole('button', { name: /^Charts / }).click();
    const menu = page.getByRole('menu', { name: 'Charts' });
    await menu
      .getByRole('group', { name: 'Settings during the run' })
      .getByRole('menuitemcheckbox', { name: 'Learning rate', exact: true })
      .click();
    await chart(page, 'lr').waitFor();
    expect(await menu.isVisible()).toBe(true);
  });

  test('change their colours when the theme changes', async () => {
    const page = await open({ scenario: 'clean' });
    expect(await pixelsLike(page, 'loss', [204, 204, 204])).toBeGreaterThan(40);
    await page.evaluate("document.documentElement.style.setProperty('--vscode-foreground', '#ff00ff')");
    await expect.poll(() => pixelsLike(page, 'loss', [255, 0, 255])).toBeGreaterThan(40);
  });
});

describe('the step cursor', () => {
  test('is shared by all charts and the inspector', async () => {
    const page = await open({ scenario: 'clean' });
    const plot = chart(page, 'loss').locator('.plot');
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + 150, box.y + 50);
    const offsets = async () => {
      const lefts = [];
      for (const quantity of ['loss', 'gradNorm', 'effectiveLr', 'updateOverBound', 'mHat']) {
        const owner = (await chart(page, quantity).locator('.plot').boundingBox())!;
        const line = (await chart(page, quantity).locator('.crosshair').boundingBox())!;
        lefts.push(Math.round(line.x - owner.x));
      }
      return lefts;
    };
    for (const left of await offsets()) expect(Math.abs(left - 150)).toBeLessThanOrEqual(2);
    const step = Number(await page.getByRole('textbox', { name: 'step' }).inputValue());
    expect(step).toBeGreaterThan(400);
    expect(step).toBeLessThan(600);
    await expect.poll(() => page.locator('.inspector h2').textContent()).toBe(`At step ${step}`);
  });

  test('shows the losses before the step, and names them apart from the final and the best loss of the header', async () => {
    const page = await open({ scenario: 'clean' });
    const run = await scenarios.clean();
    const { outcome } = run.run.record;
    const { values } = run.rows([1000], ['loss', 'best'], []);
    await expect
      .poll(() => page.locator('.inspector .globals').textContent())
      .toContain(`loss before ${exactNumber(values[0]!)}`);
    const shown = await page.locator('.inspector .globals').textContent();
    expect(shown).toContain(`best before ${exactNumber(values[1]!)}`);
    const header = page.locator('.lossNow');
    expect(await header.textContent()).toContain(`final loss ${shortNumber(outcome!.final.loss)}`);
    expect(await header.getAttribute('title')).toBe('After step 1000');
    // The point after the last step counts for the header only.
    expect(outcome!.best.loss).toBeLessThanOrEqual(values[1]!);
  });

  test('moves with the arrow keys, and the inspector shows the exact values there', async () => {
    const page = await open({ scenario: 'clean' });
    const plot = chart(page, 'gradNorm').getByRole('slider');
    await plot.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    expect(await plot.getAttribute('aria-valuenow')).toBe('997');
    await expect.poll(() => page.locator('.inspector h2').textContent()).toBe('At step 997');
    const rows = (await scenarios.clean()).rows([997], ['vHat'], [0]);
    await expect
      .poll(() => page.locator('.inspector tbody tr').first().textContent())
      .toContain(exactNumber(rows.values[0]!));
  });

  test('is the centre when plus zooms in, and the host is asked for a finer resolution; reset shows all again', async () => {
    const page = await open({ scenario: 'long' });
    expect((await lastView(page)).range).toBeNull();
    await chart(page, 'loss').getByRole('slider').focus();
    await page.keyboard.press('Home');
    for (let i = 0; i < 4; i++) await page.keyboard.press('+');
    await expect.poll(async () => (await lastView(page)).range?.[1]).toBe(12501);
    expect((await lastView(page)).range![0]).toBe(1);
    await page.getByRole('button', { name: /Reset zoom/ }).click();
    await expect.poll(async () => (await lastView(page)).range).toBeNull();
  });

  test('all charts zoom to the range of a drag', async () => {
    const page = await open({ scenario: 'clean' });
    const box = (await chart(page, 'loss').locator('.plot').boundingBox())!;
    await page.mouse.move(box.x + 80, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 120, box.y + 60, { steps: 4 });
    await page.mouse.move(box.x + 160, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await lastView(page)).range).not.toBeNull();
    const [first, last] = (await lastView(page)).range!;
    expect(first).toBeGreaterThan(80);
    expect(last).toBeLessThan(620);
    expect(last - first).toBeGreaterThan(200);
  });

  test('the wheel scrolls the page over an inactive chart, and zooms the active one', async () => {
    const page = await open({ scenario: 'clean' });
    const box = (await chart(page, 'loss').locator('.plot').boundingBox())!;
    await page.mouse.move(box.x + 150, box.y + 50);
    await page.mouse.wheel(0, -100);
    await page.waitForTimeout(150);
    expect((await lastView(page)).range).toBeNull();
    await page.mouse.down();
    await page.mouse.up();
    await page.mouse.wheel(0, -100);
    await expect.poll(async () => (await lastView(page)).range).not.toBeNull();
  });
});

describe('the controls', () => {
  test('call the host; those that do not apply are disabled', async () => {
    const page = await open({ scenario: 'paused' });
    for (const [name, call] of [
      ['Resume', 'resume'],
      ['Step', 'step'],
      ['Stop', 'stop'],
      ['Debug', 'debug'],
      ['Configure…', 'configure'],
    ] as const) {
      await page.getByRole('button', { name, exact: true }).click();
      await expect.poll(() => callsOf(page, call), { message: name }).toEqual([['adam-paused']]);
    }
    const finished = await open({ scenario: 'clean' });
    await finished.locator('vscode-button', { hasText: 'Step' }).click({ force: true });
    await finished.getByRole('button', { name: 'Run again', exact: true }).click();
    await expect.poll(async () => (await callsOf(finished, 'runAgain')).length).toBe(1);
    expect(await callsOf(finished, 'step')).toEqual([]);
  });

  test.each([
    ['0', 'above 0'],
    ['-1', 'above 0'],
    ['abc', 'Not a number'],
    ['', 'Not a number'],
    ['1e999', 'finite'],
  ])('refuse a learning rate of "%s": %s', async (typed, complaint) => {
    const page = await open({ scenario: 'paused' });
    const field = page.getByRole('textbox', { name: 'Learning rate' });
    const before = (await page.getByRole('button', { name: 'Configure…' }).boundingBox())!.y;
    await field.fill(typed);
    await field.press('Enter');
    await expect.poll(() => page.locator('.lr .problem').textContent()).toContain(complaint);
    expect((await page.getByRole('button', { name: 'Configure…' }).boundingBox())!.y).toBe(before);
    expect(await callsOf(page, 'setLr')).toEqual([]);
  });

  test.each(['clean', 'running', 'paused'] as const)(
    'are in one row at every width: %s',
    async (scenario) => {
      const page = await open({ scenario });
      // Beside the widths at which texts disappear.
      for (const width of [370, 460, 486, 600, 676, 900]) {
        await page.setViewportSize({ width, height: 800 });
        const tops = [];
        for (const name of [/^(Run again|Pause|Resume)$/, 'Step', 'Stop', 'Debug', 'Configure…']) {
          const box = (await page.getByRole('button', { name, exact: true }).boundingBox())!;
          expect(box.x + box.width, `${width} px: ${name}`).toBeLessThanOrEqual(width - 12);
          tops.push(box.y);
        }
        expect(Math.max(...tops) - Math.min(...tops), `${width} px`).toBeLessThan(4);
      }
    },
  );

  test('are those that apply, for a run that waits or cannot be controlled', async () => {
    const enabled = async (page: Page) =>
      (await page.locator('.controls vscode-button:not([disabled])').allTextContents()).map((text) =>
        text.trim(),
      );
    const waiting = await open({ scenario: 'queued' });
    await waiting.locator('.status', { hasText: 'Waiting to start' }).waitFor();
    expect(await enabled(waiting)).toEqual(['Stop', 'Debug', 'Configure…']);
    const toGoOn = await open({ scenario: 'queuedToGoOn' });
    await toGoOn.locator('.status', { hasText: 'Waiting to continue at 312 of 1000' }).waitFor();
    expect(await enabled(toGoOn)).toEqual(['Pause', 'Step', 'Stop', 'Debug', 'Configure…']);
    const watched = await open({ scenario: 'uncontrolled' });
    await watched.locator('.status', { hasText: 'Running' }).waitFor();
    expect(await enabled(watched)).toEqual(['Stop', 'Debug', 'Configure…']);
    expect(await watched.getByRole('textbox', { name: 'Learning rate' }).isDisabled()).toBe(true);
  });

  test('set a typed learning rate once, on Enter', async () => {
    const page = await open({ scenario: 'paused' });
    const field = page.getByRole('textbox', { name: 'Learning rate' });
    await field.fill('2e-3');
    await field.press('Enter');
    await field.press('Tab');
    await expect.poll(() => callsOf(page, 'setLr')).toEqual([['adam-paused', 0.002]]);
    await page.waitForTimeout(100);
    expect(await callsOf(page, 'setLr')).toHaveLength(1);
  });

  test('show the message of the host when a call fails', async () => {
    const page = await open({ scenario: 'paused' });
    await page.evaluate(() => {
      fake.reject.resume = 'The run has already ended.';
    });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('alert').filter({ hasText: 'The run has already ended.' }).waitFor();
  });

  test('can choose an earlier run', async () => {
    const page = await open({ scenario: 'clean' });
    await page.getByRole('combobox', { name: 'Run history' }).click();
    await page.getByRole('option', { name: /sgd lr 0.001/ }).click();
    await expect.poll(() => callsOf(page, 'selectRun')).toEqual([['older']]);
  });

  test('open the source from the title', async () => {
    const page = await open({ scenario: 'clean' });
    await page.getByRole('button', { name: 'src/fit.ts:12' }).click();
    await expect.poll(async () => (await callsOf(page, 'reveal')).length).toBe(1);
  });
});

describe('coordinates', () => {
  test('show five of many, and find others by search', async () => {
    const page = await open({ scenario: 'wide' });
    await expect.poll(async () => (await lastView(page)).coordinates.length).toBe(5);
    await page.getByRole('button', { name: '5 of 500…' }).click();
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.getByRole('textbox', { name: 'Search coordinates' }).fill('[317');
    await page.getByRole('checkbox', { name: 'theta[317]' }).click();
    await expect.poll(async () => (await lastView(page)).coordinates).toContain(317);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const chips = page.getByRole('group', { name: 'Shown coordinates' });
    await chips.getByRole('button', { name: 'theta[317]' }).waitFor();
  });
});

describe('the contour', () => {
  test('of a run of an earlier VS Code window is drawn when the user requests it', async () => {
    const page = await open({ scenario: 'restored' });
    const ask = chart(page, 'contour').getByRole('button', { name: 'Draw the contour' });
    await ask.waitFor();
    await page.waitForTimeout(300);
    expect(await callsOf(page, 'grid')).toEqual([]);
    await ask.click();
    await expect.poll(() => callsOf(page, 'allowGrid')).toEqual([['adam-finished']]);
    await expect.poll(async () => (await callsOf(page, 'grid')).length).toBe(1);
    expect(await ask.count()).toBe(0);
  });

  test('shows bands and the path, and requests another part when it is zoomed', async () => {
    const page = await open({ scenario: 'clean' });
    await expect.poll(async () => (await callsOf(page, 'grid')).length).toBe(1);
    const [, x, y] = (await callsOf(page, 'grid'))[0] as [string, [number, number], [number, number]];
    expect(x[0]).toBeLessThan(-1.2);
    expect(x[1]).toBeGreaterThan(0.95);
    expect(y[0]).toBeLessThan(0);
    await expect.poll(() => pixelsLike(page, 'contour', [204, 204, 204])).toBeGreaterThan(60);
    await chart(page, 'contour').locator('.plot').focus();
    await page.keyboard.press('+');
    await expect.poll(async () => (await callsOf(page, 'grid')).length).toBe(2);
    const [, closer] = (await callsOf(page, 'grid'))[1] as [string, [number, number]];
    expect(closer[1] - closer[0]).toBeLessThan((x[1] - x[0]) * 0.8);
    await page.getByRole('button', { name: 'Follow the path' }).click();
    await expect.poll(async () => (await callsOf(page, 'grid')).length).toBe(3);
  });

  test('comes first, and its path turns from the colour of texts to orange with the step', async () => {
    const page = await open({ scenario: 'clean' });
    expect(await page.locator('[data-chart]').first().getAttribute('data-chart')).toBe('contour');
    // Halfway.
    await expect.poll(() => pixelsLike(page, 'contour', [217, 182, 102])).toBeGreaterThan(15);
    await expect.poll(() => pixelsLike(page, 'contour', [204, 204, 204])).toBeGreaterThan(60);
    for (const theme of ['dark', 'light', 'highContrast'] as const)
      for (const width of [500, 900]) {
        const shown = await open({ scenario: 'clean', theme, width });
        await shown.waitForTimeout(200);
        await shown.screenshot({ path: screenshotPath(`contour-${theme}-${width}`) });
      }
  });

  test('names the values under the pointer, marks the step cursor, and moves it by a click on the path', async () => {
    const page = await open({ scenario: 'clean' });
    await expect.poll(async () => (await callsOf(page, 'grid')).length).toBe(1);
    const [, x, y] = (await callsOf(page, 'grid'))[0] as [string, [number, number], [number, number]];
    const { values } = (await scenarios.clean()).rows([40], ['params'], [0, 1]);
    const plot = (await chart(page, 'contour').locator('canvas').boundingBox())!;
    // The plane inside of its axes.
    const [width, height] = [plot.width - 56, plot.height - 26];
    const place = {
      x: plot.x + 46 + ((values[0]! - x[0]) / (x[1] - x[0])) * width,
      y: plot.y + 6 + height - ((values[1]! - y[0]) / (y[1] - y[0])) * height,
    };
    const before = await picture(page, 'contour');
    await page.mouse.move(place.x, place.y);
    const readout = chart(page, 'contour').locator('.readout');
    await expect.poll(() => readout.textContent()).toMatch(/^after step \d+x -\S+y \S+loss ≈ /);
    const named = Number(/step (\d+)x/.exec((await readout.textContent())!)![1]);
    await expect.poll(() => page.getByRole('textbox', { name: 'step' }).inputValue()).toBe(String(named));
    await page.mouse.click(place.x, place.y);
    await page.mouse.move(5, 5);
    await expect.poll(() => page.getByRole('textbox', { name: 'step' }).inputValue()).toBe(String(named));
    expect(await readout.count()).toBe(0);
    expect(await picture(page, 'contour')).not.toBe(before);
  });

  test('of a run that diverges shows the part before that', async () => {
    const page = await open({ scenario: 'diverging' });
    await expect.poll(async () => (await callsOf(page, 'grid')).length).toBe(1);
    const [, x] = (await callsOf(page, 'grid'))[0] as [string, [number, number]];
    expect(x[1] - x[0]).toBeLessThan(100);
    expect(await chart(page, 'contour').locator('.summary').textContent()).toContain('then not finite');
  });
});

describe('states', () => {
  const states: readonly (readonly [ScenarioName, string])[] = [
    ['running', 'Running, 312 of 1000'],
    ['paused', 'Paused at 312 of 1000'],
    ['clean', 'Finished, 1000 steps'],
    ['failed', 'Failed at step 17'],
    ['interrupted', 'Interrupted at step 421'],
    ['loading', 'Loading the loss'],
    ['diverging', 'Stopped at 6: a value is not finite'],
  ];
  test.each(states)('%s shows "%s"', async (scenario, text) => {
    const page = await open({ scenario });
    await page.locator('.status', { hasText: text }).waitFor();
  });

  test('without a run, there is one sentence and one button', async () => {
    const page = await open({ scenario: 'empty' });
    await page.getByRole('button', { name: 'Open the samples' }).click();
    await expect.poll(() => callsOf(page, 'openSamples')).toEqual([[]]);
    expect(await page.getByRole('button').count()).toBe(1);
  });

  test('a failed run shows the reason, with a link to the line', async () => {
    const page = await open({ scenario: 'failed' });
    await page.getByRole('alert').filter({ hasText: 'The loss threw at step 17' }).waitFor();
    await page.getByRole('button', { name: 'Show line 19' }).click();
    await expect.poll(async () => (await callsOf(page, 'reveal')).length).toBe(1);
  });

  test('before the first step, only meaningful values are shown', async () => {
    for (const scenario of ['loading', 'failedAtOnce'] as const) {
      const page = await open({ scenario });
      await page.locator('.status').waitFor();
      expect(await page.getByRole('textbox', { name: 'step' }).count(), scenario).toBe(0);
      expect(await page.getByRole('button', { name: 'Follow' }).count(), scenario).toBe(0);
      expect(await page.locator('.config').textContent(), scenario).toBe(
        'adam lr=0.05 · seed 0 · start [-1.2, 1]',
      );
    }
    const failed = await open({ scenario: 'failedAtOnce' });
    await failed.getByRole('alert').filter({ hasText: 'Cannot find module' }).waitFor();
    expect(await failed.locator('[data-chart], progress, [role="progressbar"]').count()).toBe(0);
  });

  test('a run of which not every step is kept is marked', async () => {
    const page = await open({ scenario: 'strided' });
    await page.getByText('every 4th step is kept').waitFor();
  });

  test('the table of a running run gets new rows', async () => {
    const page = await open({ scenario: 'running' });
    await chart(page, 'loss')
      .getByRole('button', { name: /options/ })
      .click();
    await page.getByRole('menuitemcheckbox', { name: 'Table' }).click();
    const last = () => chart(page, 'loss').locator('tbody th').last().textContent();
    await expect.poll(last).toBe('312');
    // Faster than the delay of a request, for longer than an answer takes.
    for (let steps = 313; steps <= 360; steps++) {
      await page.evaluate((to) => fake.advance(to), steps);
      await page.waitForTimeout(30);
    }
    expect(Number(await last())).toBeGreaterThan(330);
    await expect.poll(last).toBe('360');
  });

  test('the charts keep their places while the next run of the same loss is loading', async () => {
    const page = await open({ scenario: 'clean' });
    const place = () => chart(page, 'loss').boundingBox();
    const before = await place();
    const { lossName } = (await page.evaluate(() => fake.view))!;
    await page.evaluate((name) => fake.load(name), lossName);
    await page.locator('.charts.undrawn').waitFor();
    await expect.poll(() => chart(page, 'loss').locator('canvas').isVisible()).toBe(false);
    const after = (await place())!;
    expect([after.x, after.width, after.height]).toEqual([before!.x, before!.width, before!.height]);
    await page.evaluate(() => fake.load('another'));
    await page.getByText('The charts come with the first step.').waitFor();
    expect(await page.locator('.charts').count()).toBe(0);
  });

  test('a running run grows, and every frame is acknowledged', async () => {
    const page = await open({ scenario: 'running' });
    for (let steps = 320; steps <= 400; steps += 20) {
      await page.evaluate((to) => fake.advance(to), steps);
    }
    await page.locator('.status', { hasText: '400 of 1000' }).waitFor();
    const sent = await page.evaluate(() => fake.framesSent);
    expect(sent).toBeGreaterThan(5);
    await expect.poll(() => callsOf(page, 'ack')).toEqual(Array.from({ length: sent }, (_, i) => [i + 1]));
  });
});

/** Text that no tick may contain: non-finite values, and values beyond the drawing limit. */
const notFinite = /NaN|Infinity|∞|e1[5-9]\d|e[23]\d\d/;

describe('values that are not finite', () => {
  test('are hatched and labelled, no axis shows NaN, and no tick is beyond the limit', async () => {
    const diverging = await open({ scenario: 'diverging' });
    expect(await pixelsLike(diverging, 'loss', [241, 76, 76])).toBeGreaterThan(300);
    expect(await chart(diverging, 'loss').locator('.summary').textContent()).toContain(
      'Values beyond ±10¹⁵⁰',
    );
    for (const text of await drawnTexts(diverging)) expect(text).not.toMatch(notFinite);
    const leaving = await open({ scenario: 'leaving' });
    // The label only, because the hatching is more transparent than the counted colours.
    expect(await pixelsLike(leaving, 'loss', [241, 76, 76])).toBeGreaterThan(30);
    const drawn = await drawnTexts(leaving);
    expect(drawn).toContain('not finite');
    expect(drawn.filter((text) => notFinite.test(text))).toEqual([]);
    expect(drawn.length).toBeGreaterThan(20);
  });

  test('leave the loss on a log axis while it is positive, with zeros shown separately below', async () => {
    const page = await open({ scenario: 'long' });
    expect(await pixelsLike(page, 'loss', [204, 204, 204])).toBeGreaterThan(100);
  });
});

describe('at the width of half an editor', () => {
  test('the contour and the first charts are on one screen, and the inspector covers none of them', async () => {
    for (const scenario of ['clean', 'rosenbrock', 'threeFixes', 'running'] as const) {
      const page = await open({ scenario, width: 600, height: 800 });
      const inspector = (await page.locator('.inspector').boundingBox())!;
      for (const quantity of ['contour', 'loss', 'gradNorm']) {
        const box = (await chart(page, quantity).boundingBox())!;
        expect(box.y + box.height, `${scenario}: ${quantity}`).toBeLessThanOrEqual(inspector.y);
        expect(box.x + box.width).toBeLessThanOrEqual(600);
      }
    }
  });

  test('a wider page has three and four columns', async () => {
    for (const [width, columns] of [
      [600, 2],
      [900, 3],
      [1400, 4],
    ] as const) {
      const page = await open({ scenario: 'wide', width });
      const tops = await page
        .locator('[data-chart]')
        .evaluateAll((cards) => cards.map((card) => (card as unknown as { offsetTop: number }).offsetTop));
      expect(tops.filter((top) => top === tops[0])).toHaveLength(columns);
    }
  });

  test.each([340, 600, 900])(
    'at %i px every truncated label or button has a title with its full text',
    async (width) => {
      for (const scenario of ['rosenbrock', 'wide', 'failed', 'diverging'] as const) {
        const page = await open({ scenario, width });
        expect(await cutTexts(page), scenario).toEqual([]);
        expect(await scrollsSideways(page), `${scenario} scrolls sideways`).toBe(false);
      }
    },
  );
});

describe('accessibility', () => {
  const cases: (readonly [ScenarioName, ThemeName])[] = (['dark', 'light', 'highContrast'] as const).flatMap(
    (theme) =>
      (['rosenbrock', 'diverging', 'paused', 'wide', 'failed', 'loading', 'empty'] as const).map(
        (scenario) => [scenario, theme] as const,
      ),
  );
  test.each(cases)('axe finds no violation: %s, %s', async (scenario, theme) => {
    const page = await open({ scenario, theme });
    if (scenario === 'wide') await page.getByRole('button', { name: '5 of 500…' }).click();
    if (scenario === 'diverging') {
      // an opened one is called otherwise, so that the next is the first
      const closed = page.getByRole('button', { name: 'Details' });
      while ((await closed.count()) > 0) await closed.first().click();
    }
    if (scenario === 'rosenbrock')
      await chart(page, 'loss')
        .getByRole('button', { name: /options/ })
        .click();
    await page.waitForTimeout(300);
    expect(await axeViolations(page)).toEqual([]);
  });

  test('all elements that a pointer can use can be reached by keyboard, with a visible focus', async () => {
    const page = await open({ scenario: 'rosenbrock' });
    const reached = new Set<string>();
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      const [label, outlined] = (await page.evaluate(
        `(() => {
          let e = document.activeElement;
          if (e === document.body) return ['nothing', true];
          const label = e.getAttribute('aria-label') ?? e.textContent.trim();
          while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
          const s = getComputedStyle(e);
          const root = e.getRootNode().host;
          const ring = (s.outlineStyle !== 'none' && s.outlineWidth !== '0px') || root !== undefined;
          return [label, ring];
        })()`,
      )) as [string, boolean];
      if (label === '' || label === 'nothing') continue;
      expect(outlined, label).toBe(true);
      reached.add(label);
    }
    for (const label of [
      'src/fit.ts:12',
      'Run history',
      'Run again',
      'Configure…',
      'Why?',
      'Details',
      'Run again with lr 0.2',
      'Write lr 0.2 to the annotation',
      'x',
      'Loss: step',
      'Loss: options',
    ]) {
      expect([...reached]).toContain(label);
    }
  });
});
