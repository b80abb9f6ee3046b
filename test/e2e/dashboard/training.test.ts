// The recording of a training: its tensors, and nothing that evaluates a loss.
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TensorColumn, tensorColumns } from '../../../src/recordings/tensorHistory';
import { type OpenOptions, runPages, screenshotPath } from './harness';
import { axeViolations, callsOf, cutTexts, lastView, scrollsSideways } from './inPage';
import type { RecordingContent } from './page/shownTraining';
import { recordingContent } from './recordingContent';
import { type ThemeName, themes } from './themes';

const openPage = runPages();
const file = path.resolve(import.meta.dirname, '../../fixtures/recordings/characters.adamscope');
let content: RecordingContent;
beforeAll(async () => {
  content = await recordingContent(file);
});

async function open(options: Partial<OpenOptions> = {}): Promise<Page> {
  const page = await openPage({ scenario: 'training', ...options });
  await table(page).getByRole('row').nth(1).waitFor();
  await map(page).getByText('recorded steps').waitFor();
  return page;
}

const card = (page: Page) => page.getByRole('region', { name: 'Tensors', exact: true });
const map = (page: Page) => page.getByRole('article', { name: 'Tensors by step' });
const table = (page: Page) => page.getByRole('region', { name: 'Tensors, ranked' });
const ranked = (page: Page) => table(page).locator('tbody').getByRole('rowheader').allTextContents();
const toStep = async (page: Page, step: number) => {
  const field = page.getByRole('textbox', { name: 'step' });
  await field.fill(String(step));
  await field.press('Enter');
};

/** The names of the recorded tensors with the value of a statistic in the last row of the file. */
function lastValues(column: TensorColumn): { name: string; value: number }[] {
  const { values } = content.tensors.at(-1)!;
  return content.description.recording!.tensors.map(({ name }, i) => ({
    name,
    value: values![i * tensorColumns.length + tensorColumns.indexOf(column)]!,
  }));
}

describe('the page of a recorded training', () => {
  test('has nothing that evaluates a loss', async () => {
    const page = await open();
    const texts = await page.locator('button, vscode-button').allTextContents();
    for (const text of texts)
      expect(text).not.toMatch(/^(Run again|Configure…|Pause|Resume|Step|Stop|Explain|Draw the loss)$/);
    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(await page.locator('[data-chart="plane"], [data-chart="contour"], .phaseBand').count()).toBe(0);
    expect(await page.getByRole('region', { name: 'Verdict' }).count()).toBe(0);
    const header = await page.locator('.header').innerText();
    expect(header).not.toMatch(/seed|gradient/);
    expect(header).toMatch(/characters\.py[\s\S]*AdamW/);
    await page.locator('.plot[role="slider"]').first().press('Enter');
    expect(await callsOf(page, 'explainUpdate')).toEqual([]);
  });

  test.for([
    ['training', /^. Ended after \d+ steps$/],
    ['trainingLive', /^. Recording, step \d+$/],
    ['trainingCut', /^. The file ends at step \d+ without saying why$/],
  ] as const)('says how far it is: %s', async ([scenario, status]) => {
    const page = await open({ scenario });
    expect(await page.locator('.status').textContent()).toMatch(status);
    const stop = page.getByRole('button', { name: 'Stop following' });
    expect(await stop.count()).toBe(scenario === 'trainingLive' ? 1 : 0);
    await page.getByRole('button', { name: 'Debug' }).click();
    await expect.poll(() => callsOf(page, 'debug')).toEqual([['training']]);
    if (scenario !== 'trainingLive') return;
    await stop.click();
    await expect.poll(() => callsOf(page, 'stop')).toEqual([['training']]);
  });

  test('says once that the formula of an optimizer is not known', async () => {
    const page = await open({ scenario: 'trainingUnknown' });
    expect(await page.getByText('Only recorded values are shown').count()).toBe(1);
    expect(await page.locator('[data-chart="effectiveLr"]').count()).toBe(0);
    const known = await open();
    expect(await known.getByText('Only recorded values are shown').count()).toBe(0);
  });

  test('shows coordinates of several tensors, and no chart without values', async () => {
    const page = await open();
    const { coordinates } = await lastView(page);
    const { tensors } = content.description.recording!;
    const of = new Set(coordinates.map((c) => tensors.findLastIndex(({ first }) => first <= c)));
    expect(of.size).toBeGreaterThan(2);
    await expect.poll(() => page.locator('.charts .summary', { hasText: 'Waiting' }).count()).toBe(0);
    expect(await page.locator('.charts .summary', { hasText: 'No values' }).count()).toBe(0);
  });

  test('shows the recorded step nearest to the step cursor', async () => {
    const page = await open({ scenario: 'trainingSparse' });
    const [recorded, wanted] = [content.tensors[10]!.t, content.tensors[11]!.t];
    await toStep(page, wanted);
    const words = `At step ${recorded}, the recorded step nearest to ${wanted}`;
    await expect.poll(() => page.getByRole('heading', { name: words }).count()).toBe(2);
  });
});

describe('the tensors of a recorded training', () => {
  test.each([
    ['Largest update / parameter', 'updateRatio', -1],
    ['Lowest signal-to-noise', 'snr', 1],
    ['Most dominated by eps', 'epsShare', -1],
  ] as const)('are ranked: %s', async (title, column, sign) => {
    const page = await open();
    await page.getByRole('button', { name: title }).click();
    const expected = lastValues(column)
      .filter(({ value }) => !Number.isNaN(value))
      .sort((a, b) => sign * (a.value - b.value))
      .map(({ name }) => name);
    await expect.poll(() => ranked(page)).toEqual(expected.slice(0, 10));
    await page.getByRole('button', { name: `Show all ${lastValues(column).length}` }).click();
    expect((await ranked(page)).slice(0, expected.length)).toEqual(expected);
  });

  test('are listed as dead if they have no gradient other than 0', async () => {
    const page = await open();
    const dead = lastValues('gradNorm').filter(({ value }) => !(value > 0));
    await page.getByRole('button', { name: 'Dead (gradient 0)' }).click();
    if (dead.length > 0) expect((await ranked(page)).sort()).toEqual(dead.map(({ name }) => name).sort());
    else await card(page).getByText('Every tensor has a gradient other than 0 at this step.').waitFor();
  });

  test('are shown as such if they have no gradient', async () => {
    const page = await open({ scenario: 'trainingFrozen' });
    const { name } = content.description.recording!.tensors[0]!;
    await map(page).getByText('crossed out: no gradient').waitFor();
    await map(page).getByRole('application').focus();
    await page.keyboard.press('Home');
    await expect
      .poll(() => map(page).getByRole('status').textContent())
      .toMatch(/Update \/ parameter none: no gradient$/);
    await page.getByRole('button', { name: 'Dead (gradient 0)' }).click();
    await expect.poll(() => ranked(page)).toContain(name);
    const row = table(page).getByRole('row', { name });
    expect(await row.getByRole('cell').last().textContent()).toBe('–');
  });

  test('are sorted by a column, up and down', async () => {
    const page = await open();
    const head = page.getByRole('columnheader', { name: '‖θ‖', exact: true });
    const largest = lastValues('paramNorm').sort((a, b) => b.value - a.value);
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect((await ranked(page))[0]).toBe(largest[0]!.name);
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect((await ranked(page))[0]).toBe(largest.at(-1)!.name);
  });

  test('show their recorded coordinates in all charts', async () => {
    const page = await open();
    const { tensors, coordinates } = content.description.recording!;
    const within = (i: number) =>
      coordinates.filter(
        (c) => c >= tensors[i]!.first && c < tensors[i]!.first + tensors[i]!.shape.reduce((a, b) => a * b, 1),
      );
    await page.getByRole('button', { name: `Show all ${tensors.length}` }).click();
    const tensor = tensors.findIndex((_, i) => within(i).length > 1);
    await table(page).getByRole('button', { name: tensors[tensor]!.name, exact: true }).click();
    await expect.poll(async () => (await lastView(page)).coordinates).toEqual(within(tensor).slice(0, 28));
    await card(page)
      .getByText(new RegExp(`${within(tensor).length} of [\\d\u202f]+ coordinates are recorded`))
      .waitFor();
    const inspector = page.getByRole('region', { name: 'Values of the shown coordinates' });
    await expect
      .poll(() => inspector.locator('tbody').getByRole('row').count())
      .toBe(Math.min(28, within(tensor).length));
    await page.getByRole('button', { name: 'Show some of all tensors' }).click();
    await expect.poll(async () => (await lastView(page)).coordinates.length).toBe(5);
  });

  test('are read in the heatmap by keys, which move the step cursor and show a tensor', async () => {
    const page = await open();
    const plot = map(page).getByRole('application');
    const { tensors } = content.description.recording!;
    await plot.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    const name = tensors[1]!.name.replaceAll('.', '\\.');
    await expect
      .poll(() => map(page).getByRole('status').textContent())
      .toMatch(new RegExp(`^${name}, step ${content.tensors[0]!.t}, Update / parameter \\S+`));
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.getByRole('textbox', { name: 'step' }).inputValue())
      .toBe(String(content.tensors[0]!.t));
    await card(page).locator('.tensorChosen').getByText(tensors[1]!.name).waitFor();
  });

  test('have other statistics in the heatmap', async () => {
    const page = await open();
    await map(page).getByRole('combobox', { name: 'Statistic of the heatmap' }).click();
    await map(page).getByRole('option', { name: 'Share of eps', exact: true }).click();
    await expect.poll(() => callsOf(page, 'tensorMap')).toContainEqual(['training', 'epsShare']);
    await expect.poll(() => map(page).locator('.heatmapLegend').textContent()).toBe('01');
  });

  test('are grouped by module if they are many, and a click opens a module', async () => {
    const page = await open({ scenario: 'trainingLarge' });
    const { tensors } = content.description.recording!;
    const summary = map(page).locator('.summary');
    expect(await summary.textContent()).toMatch(/^\d+ modules, each with the largest value/);
    const plot = map(page).getByRole('application');
    await plot.click({ position: { x: 12, y: 20 } });
    await map(page).getByRole('button', { name: 'All modules' }).waitFor();
    expect(await summary.textContent()).toMatch(/^\d+ tensors,/);
    await map(page).getByRole('button', { name: 'All modules' }).click();
    await expect.poll(() => summary.textContent()).toMatch(/^\d+ modules/);
    expect(await page.getByRole('button', { name: `Show all ${tensors.length * 4}` }).count()).toBe(1);
  });

  test.each(['trainingLarge', 'trainingUnknown', 'trainingSparse', 'trainingLive'] as const)(
    'are readable in other states: %s',
    async (scenario) => {
      for (const width of [500, 1600]) {
        const page = await open({ scenario, width, height: 1000 });
        await page.waitForTimeout(300);
        await page.screenshot({ path: screenshotPath(`${scenario}-${width}`) });
        expect(await axeViolations(page)).toEqual([]);
        expect(await scrollsSideways(page)).toBe(false);
        expect(await cutTexts(page)).toEqual([]);
      }
    },
  );

  for (const theme of Object.keys(themes) as ThemeName[])
    test(`are readable in ${theme}`, async () => {
      for (const width of [500, 900, 1600]) {
        const page = await open({ theme, width, height: 1000 });
        await page.waitForTimeout(300);
        await page.screenshot({ path: screenshotPath(`training-${theme}-${width}`), fullPage: true });
        expect(await axeViolations(page)).toEqual([]);
        expect(await scrollsSideways(page)).toBe(false);
        expect(await cutTexts(page)).toEqual([]);
        await table(page).getByRole('button', { name: /norm/ }).first().click();
        await card(page).getByText('shown in the charts').waitFor();
        await toStep(page, 7);
        await map(page).getByRole('application').hover();
        await page.waitForTimeout(400);
        await page.screenshot({ path: screenshotPath(`trainingChosen-${theme}-${width}`) });
        expect(await axeViolations(page)).toEqual([]);
        expect(await cutTexts(page)).toEqual([]);
      }
    });
});
