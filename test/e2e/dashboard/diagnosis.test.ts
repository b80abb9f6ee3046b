// Findings, their fixes, and the stability of the steps.
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { runPages } from './harness';
import {
  axeViolations,
  callsOf,
  chart,
  cutTexts,
  drawnCanvas,
  drawnTexts,
  lastView,
  pixelsLike,
  scrollsSideways,
} from './inPage';
import type { Fake } from './page/fakeHost';
import { scenarios } from './page/scenarios';
import type { ThemeName } from './themes';

declare const fake: Fake;

const open = runPages();

const shown = [
  'edge',
  'foretold',
  'manyFixes',
  'trying',
  'noneHelped',
  'untried',
  'editedFix',
  'saddle',
] as const;
const [darkWarning, darkError] = [
  [204, 167, 0],
  [241, 76, 76],
] as const;

/** The rows of a chart's canvas, from the top, with at least this number of pixels of a colour. */
async function rowsLike(
  page: Page,
  quantity: string,
  wanted: readonly number[],
  atLeast: number,
): Promise<number[]> {
  const canvas = await drawnCanvas(page, quantity);
  return canvas.evaluate(
    (element, [red, green, blue, least]) => {
      const canvas = element as unknown as {
        width: number;
        height: number;
        getContext(kind: '2d'): {
          getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
        };
      };
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      const rows: number[] = [];
      for (let y = 0; y < height; y++) {
        let count = 0;
        for (let x = 0; x < width; x++) {
          const i = 4 * (y * width + x);
          const near =
            Math.abs(data[i]! - red!) < 24 &&
            Math.abs(data[i + 1]! - green!) < 24 &&
            Math.abs(data[i + 2]! - blue!) < 24;
          if (near && data[i + 3]! > 120) count++;
        }
        if (count >= least!) rows.push(y);
      }
      return rows;
    },
    [...wanted, atLeast],
  );
}

describe('the stability chart', () => {
  test('draws its limit as a dashed line across the plot, with its name', async () => {
    const page = await open({ scenario: 'foretold', width: 600 });
    await expect.poll(() => rowsLike(page, 'stability', darkWarning, 90)).not.toEqual([]);
    const rows = await rowsLike(page, 'stability', darkWarning, 90);
    // One line of one or two pixels, below the top of the plot and above its middle.
    expect(rows.at(-1)! - rows[0]!).toBeLessThanOrEqual(2);
    const height = (await chart(page, 'stability').locator('.plot').boundingBox())!.height;
    expect(rows[0]!).toBeGreaterThan(20);
    expect(rows[0]!).toBeLessThan(height / 2);
    await expect.poll(() => drawnTexts(page)).toEqual(expect.arrayContaining(['limit 38', 'unstable']));
  });

  test('keeps the limit visible when the values are far below it', async () => {
    const page = await open({ scenario: 'saddle' });
    await expect.poll(() => rowsLike(page, 'stability', darkWarning, 90)).not.toEqual([]);
    expect(await chart(page, 'stability').locator('.summary').textContent()).toBe(
      '0.722, 1 % of the limit 38',
    );
  });

  test('states the distance to the limit, the forecast, the sampling, and the first meaningful step', async () => {
    const page = await open({ scenario: 'foretold' });
    const summary = chart(page, 'stability').locator('.summary');
    expect(await summary.textContent()).toBe('35.4 of 38: unstable in about 100 steps');
    const whole = await summary.getAttribute('title');
    expect(whole).toContain('At this rate the stability limit is reached in about 100 steps, near step 26');
    expect(whole).toMatch(/the loss may then rise by up to [23]\.\d\d[.;]/);
    expect(whole).toContain('Sampled every 60 steps, every 10 near the limit, held in between');
    expect(whole).toContain('not meaningful before step 31');
    // The text for screen readers is the visible text.
    expect(await chart(page, 'stability').locator('.unseen').textContent()).toContain(whole!.slice(0, 40));
  });

  test('states since when the value is above the limit', async () => {
    const page = await open({ scenario: 'foretold' });
    await page.evaluate(() => fake.advance(2700));
    // The first sample above the limit.
    await expect
      .poll(() => chart(page, 'stability').locator('.summary').textContent())
      .toMatch(/^(39|40)(\.\d)?, above its limit 38 since step 2634$/);
  });

  test('does not exist for an optimizer whose stability is not measured', async () => {
    const page = await open({ scenario: 'diverging' });
    expect(await chart(page, 'stability').count()).toBe(0);
    expect(await page.locator('.outlook').count()).toBe(0);
  });
});

describe('the stability forecast', () => {
  test('is shown beside the status while the run continues and the crossing is near, and leads to the chart', async () => {
    const page = await open({ scenario: 'foretold', width: 600 });
    const chip = page.getByRole('button', { name: 'unstable in about 100 steps' });
    await chip.focus();
    await page.keyboard.press('Enter');
    const plot = chart(page, 'stability').getByRole('slider');
    expect(
      await plot.evaluate((element) =>
        (element as unknown as { matches(s: string): boolean }).matches(':focus'),
      ),
    ).toBe(true);
    await page.evaluate(() => fake.advance(2600));
    await page.getByRole('button', { name: 'unstable in about 20 steps' }).waitFor();
  });

  test('is not shown long before, or after the run has ended', async () => {
    for (const scenario of ['edge', 'saddle', 'running'] as const) {
      const page = await open({ scenario });
      expect(await page.locator('.outlook').count(), scenario).toBe(0);
    }
  });
});

describe('findings', () => {
  test('begin with a headline; Details shows the other texts and the evidence, with labels in words', async () => {
    const page = await open({ scenario: 'edge', width: 600 });
    const finding = page.locator('.finding').first();
    const { headline, detail, evidence } = (await page.evaluate(() => fake.view))!.findings[0]!;
    expect(await finding.locator('.findingHeadline').textContent()).toBe(headline);
    expect(await finding.getByText(detail).count()).toBe(0);
    const before = (await finding.boundingBox())!.height;
    await finding.getByRole('button', { name: 'Details' }).click();
    await finding.getByText(detail).waitFor();
    const rows = await finding
      .locator('.evidence > div')
      .evaluateAll((all) => all.map((each) => [...each.children].map((part) => part.textContent)));
    expect(rows).toEqual(evidence);
    expect(rows).toContainEqual([expect.anything(), '882.6']);
    await finding.getByRole('button', { name: 'Less' }).click();
    expect((await finding.boundingBox())!.height).toBe(before);
  });

  test('show the outcome of each fix and of the current configuration, the best first', async () => {
    const page = await open({ scenario: 'diverging' });
    const rows = await page
      .locator('.fix')
      .evaluateAll((all) =>
        all.map((each) =>
          [...each.querySelectorAll('.fixTitle, .fixOutcome')].map((part) => part.textContent),
        ),
      );
    const { fixes, now } = (await page.evaluate(() => fake.view))!.findings[0]!;
    expect(fixes).toHaveLength(3);
    expect(rows).toEqual([
      ['current configuration', now],
      ...fixes.map(({ title, outcome }) => [title, `reaches ${outcome}`]),
    ]);
  });

  test('show outcomes in one column and buttons in another, if there is space', async () => {
    const page = await open({ scenario: 'diverging', width: 700 });
    const lefts = async (part: Locator) =>
      new Set(
        await part.evaluateAll((all) =>
          all.map((each) =>
            Math.round(
              (each as unknown as { getBoundingClientRect(): { left: number } }).getBoundingClientRect().left,
            ),
          ),
        ),
      );
    expect((await lefts(page.locator('.fixOutcome'))).size).toBe(1);
    expect((await lefts(page.locator('.fixButtons'))).size).toBe(1);
  });

  test('pass the finding and the fix to the host, whatever their order on the page', async () => {
    const page = await open({ scenario: 'diverging' });
    const finding = page.locator('.finding');
    const { id, revision, findings } = (await page.evaluate(() => fake.view))!;
    const [best, , last] = findings[0]!.fixes;
    await finding.getByRole('button', { name: `Run again with ${last!.title}` }).click();
    await finding.getByRole('button', { name: `Write ${best!.title} to the annotation` }).click();
    await finding.getByRole('button', { name: 'Why?' }).click();
    await finding.getByRole('button', { name: 'line 12' }).click();
    await expect.poll(() => callsOf(page, 'runWithFix')).toEqual([[id, revision, 'divergence-1', last!.id]]);
    await expect.poll(() => callsOf(page, 'applyFix')).toEqual([[id, revision, 'divergence-1', best!.id]]);
    await expect.poll(() => callsOf(page, 'explain')).toEqual([['divergence']]);
    await expect.poll(async () => (await callsOf(page, 'reveal')).length).toBe(1);
    const many = await open({ scenario: 'manyFixes' });
    await many.locator('.finding.error').getByRole('button', { name: 'Run again with lr 0.001' }).click();
    await expect
      .poll(() => callsOf(many, 'runWithFix'))
      .toEqual([['edge-finished', (await scenarios.manyFixes()).view.revision, 'divergence-5', 'lr 0.001']]);
  });

  test('are sorted by severity; infos are summarized by their number and shown on demand', async () => {
    const page = await open({ scenario: 'manyFixes' });
    const codes = () => page.locator('.finding .code').allTextContents();
    expect(await codes()).toEqual(['divergence', 'loss-spike', 'edge-of-stability', 'loss-spike', 'plateau']);
    expect(await page.locator('.counts').textContent()).toMatch(/1 error.*4 warnings.*2 notes/);
    await page.getByRole('button', { name: '2 notes' }).click();
    expect((await codes()).slice(5)).toEqual(['ill-conditioned', 'sparse-gradient']);
    await page.getByRole('button', { name: '2 notes' }).click();
    expect(await codes()).toHaveLength(5);
  });

  test('scroll in a part of the page if there are many, so that the charts remain visible', async () => {
    const page = await open({ scenario: 'manyFixes', width: 600 });
    const list = page.locator('.findingsList');
    const { scrolls, height } = await list.evaluate((element) => {
      const { scrollHeight, clientHeight } = element as unknown as {
        scrollHeight: number;
        clientHeight: number;
      };
      return { scrolls: scrollHeight > clientHeight + 20, height: clientHeight };
    });
    expect(scrolls).toBe(true);
    expect(height).toBeLessThan(220);
    const loss = (await chart(page, 'loss').boundingBox())!;
    const inspector = (await page.locator('.inspector').boundingBox())!;
    expect(loss.y + loss.height).toBeLessThanOrEqual(inspector.y);
    // All of them can be reached by keyboard.
    await page.getByRole('button', { name: 'Run again with lr 0.2' }).focus();
    const [box, shownList] = [await page.locator('.finding').last().boundingBox(), await list.boundingBox()];
    expect(box!.y).toBeLessThan(shownList!.y + shownList!.height);
  });

  test('move the cursor to their steps, and show their coordinates in the charts', async () => {
    const page = await open({ scenario: 'saddle' });
    await page.getByRole('button', { name: 'steps 101 to 1000' }).click();
    expect(await page.getByRole('textbox', { name: 'step' }).inputValue()).toBe('101');
    expect((await lastView(page)).coordinates).toEqual([0, 1]);
    await page.locator('.finding').getByRole('button', { name: 'y', exact: true }).click();
    await expect.poll(async () => (await lastView(page)).coordinates).toEqual([1]);
  });

  test('mark their steps on every chart; an edge of stability is marked from the crossing on', async () => {
    const page = await open({ scenario: 'edge' });
    for (const quantity of ['loss', 'mHat', 'lr']) {
      expect(await pixelsLike(page, quantity, darkWarning), quantity).toBeGreaterThan(15);
    }
    const clean = await open({ scenario: 'clean' });
    expect(await pixelsLike(clean, 'loss', darkWarning)).toBe(0);
    // Overlapping findings of one severity share one tint, so an error among them remains visible.
    const many = await open({ scenario: 'manyFixes' });
    expect(await pixelsLike(many, 'loss', darkError)).toBeGreaterThan(10);
  });

  test('show the progress of the trials, fixes that were not tried, and why no fix helped', async () => {
    const trying = await open({ scenario: 'trying' });
    await trying.getByRole('status').filter({ hasText: 'Trying fixes… 3 of 7 runs' }).waitFor();
    const bar = trying.getByRole('progressbar', { name: 'Runs done to try the fixes' });
    expect([await bar.getAttribute('aria-valuenow'), await bar.getAttribute('aria-valuemax')]).toEqual([
      '3',
      '7',
    ]);
    expect(await trying.locator('.fix').count()).toBe(0);
    const untried = await open({ scenario: 'untried' });
    expect(await untried.locator('.fixOutcome').allTextContents()).toEqual(['not tried']);
    const none = await open({ scenario: 'noneHelped' });
    expect(await none.locator('.fixesNote').textContent()).toBe(
      'None of the 3 fixes tried helps: with 2 the final loss is not lower than now, with 1 another problem appears or becomes worse.',
    );
    expect(await none.locator('.fix').count()).toBe(0);
  });
});

describe('at every width', () => {
  test.each([340, 520, 600, 900, 1400])('%i px: nothing is truncated or covered', async (width) => {
    for (const scenario of shown) {
      const page = await open({ scenario, width });
      await page
        .getByRole('button', { name: 'Details' })
        .first()
        .click({ timeout: 3000 })
        .catch(() => {});
      expect(await cutTexts(page), scenario).toEqual([]);
      expect(await scrollsSideways(page), `${scenario} scrolls sideways`).toBe(false);
      expect(await page.evaluate(overlapping), scenario).toEqual([]);
    }
  });

  test('the contour and the first charts of a running run near the limit are on one screen at 600 px', async () => {
    const page = await open({ scenario: 'foretold', width: 600 });
    const inspector = (await page.locator('.inspector').boundingBox())!;
    for (const quantity of ['contour', 'loss', 'gradNorm']) {
      const box = (await chart(page, quantity).boundingBox())!;
      expect(box.y + box.height, quantity).toBeLessThanOrEqual(inspector.y);
    }
  });
});

/** Texts and buttons of the findings and the status line that overlap. */
const overlapping = `(() => {
  const parts = [...document.querySelectorAll(
    '.statusLine > *, .findingHeadline, .facts > *, .fixTitle, .fixOutcome, .smallButton, .evidence dt, .evidence dd, .fixesNote, .findingsHead > *')];
  const boxes = parts.flatMap((part) => [...part.getClientRects()].map((box) => ({ part, box })));
  return boxes.flatMap(({ part, box }, i) => boxes.slice(i + 1)
    .filter((other) => other.part !== part && !other.part.contains(part) && !part.contains(other.part)
      && Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1
      && Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 3)
    .map((other) => part.textContent + ' | ' + other.part.textContent));
})()`;

describe('accessibility', () => {
  const cases = (['dark', 'light', 'highContrast'] as const).flatMap((theme) =>
    shown.map((scenario) => [scenario, theme] as [(typeof shown)[number], ThemeName]),
  );
  test.each(cases)('axe finds no violation: %s, %s', async (scenario, theme) => {
    const page = await open({ scenario, theme });
    const notes = page.locator('.notesChip');
    if ((await notes.count()) > 0) await notes.click();
    const details = page.getByRole('button', { name: 'Details' });
    if ((await details.count()) > 0) await details.first().click();
    await page.waitForTimeout(200);
    expect(await axeViolations(page)).toEqual([]);
  });

  test('every finding states its severity in words', async () => {
    const page = await open({ scenario: 'manyFixes' });
    const { findings } = (await scenarios.manyFixes()).view;
    for (const severity of ['error', 'warning'] as const) {
      const glyphs = page.locator('.finding').getByRole('img', { name: severity });
      expect(await glyphs.count()).toBe(findings.filter((finding) => finding.severity === severity).length);
    }
  });
});
