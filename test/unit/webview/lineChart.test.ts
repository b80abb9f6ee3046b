import { describe, expect, test } from 'vitest';
import type { ReportChart } from '../../../src/core/analysis/report';
import { namedLineStyle } from '../../../webview/charts/lineStyle';
import { readAt, wordsOf } from '../../../webview/charts/lineWords';
import { layOutMarks, type XMark } from '../../../webview/charts/markLayout';
import { mayBeBlank } from '../../../webview/charts/mayBeBlank';
import { allX, linesOfReport, nearest, slotsOfReport } from '../../../webview/charts/reportLines';
import { xAxis } from '../../../webview/charts/xAxis';

const axis = { title: '', log: false };

function chart(lines: ReportChart['lines']): ReportChart {
  return { title: '', x: axis, y: axis, lines, marks: [] };
}

const linesOf = (only: ReportChart) => linesOfReport(only, slotsOfReport([only]));

const line = (name: string, points: number[], band: number[] | null = null) => ({
  name,
  points: Float64Array.from(points),
  band: band === null ? null : Float64Array.from(band),
});

describe('the lines of a report', () => {
  test('are interrupted where y is not finite, and keep their style when others are hidden', () => {
    const [a, b] = linesOf(chart([line('a', [1, 5, 2, Number.NaN, 3, 7]), line('b', [1, 1])]));
    expect([...a!.envelope]).toEqual([1, 5, 5, 0, 2, Number.NaN, Number.NaN, 1, 3, 7, 7, 0]);
    expect(b!.slot).toBe(1);
  });

  test('have the style of their subject in every chart of a report', () => {
    const about = (name: string, subject: string) => ({ ...line(name, [1, 1]), subject });
    const losses = chart([line('now', [1, 1]), about('adam lr 0.1', 'adam'), about('sgd lr 1', 'sgd')]);
    const byRate = chart([line('sgd', [1, 1]), line('rmsprop', [1, 1]), line('adam', [1, 1])]);
    const slots = slotsOfReport([losses, byRate]);
    expect(linesOfReport(losses, slots).map(({ slot }) => slot)).toEqual([0, 1, 2]);
    expect(linesOfReport(byRate, slots).map(({ slot }) => slot)).toEqual([2, 3, 1]);
  });

  test('have a band between the least and the largest value at the same x', () => {
    const [a] = linesOf(chart([line('a', [1, 5, 2, 6], [4, 6, Number.NEGATIVE_INFINITY, 7])]));
    expect([...a!.band!]).toEqual([1, 4, 6, 0, 2, Number.NaN, Number.NaN, 1]);
  });

  test('have all x values once, in ascending order', () => {
    expect([...allX([line('a', [1, 0, 3, 0]), line('b', [2, 0, 3, 0, 10, 0])])]).toEqual([1, 2, 3, 10]);
  });

  test('have twenty-eight distinct styles, and adjacent ones differ in colour and dashes', () => {
    const styles = Array.from({ length: 28 }, (_, slot) => namedLineStyle(slot, [255, 255, 255]));
    expect(new Set(styles.map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(28);
    for (let i = 1; i < 10; i++) {
      expect(styles[i]!.colour).not.toBe(styles[i - 1]!.colour);
      expect(styles[i]!.dash).not.toEqual(styles[i - 1]!.dash);
    }
  });
});

describe('the nearest point', () => {
  test('is nearest on the scale of the axis', () => {
    expect(nearest([1, 10, 100], 40)).toBe(1);
    expect(nearest([1, 10, 100], 40, Math.log)).toBe(2);
    expect(nearest([1, 10, 100], -5)).toBe(0);
    expect(nearest([1, 10, 100], 500)).toBe(2);
    expect(nearest([], 1)).toBe(-1);
  });
});

describe('the x axis', () => {
  test('extends from the first to the last value without a margin', () => {
    for (const log of [false, true]) {
      const { min, max, ticks } = xAxis(Float64Array.of(1e-7, 1e-3, 10), null, log, 500);
      expect([min, max]).toEqual([1e-7, 10]);
      for (const { value } of ticks) expect(value >= min && value <= max).toBe(true);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
    }
  });

  test('has integer ticks for integers, also when zoomed', () => {
    const steps = Float64Array.from({ length: 1000 }, (_, i) => i + 1);
    for (const range of [null, [3.4, 9.8]] as const) {
      const { ticks, min, max } = xAxis(steps, range, false, 500);
      for (const { value } of ticks) {
        expect(Number.isInteger(value)).toBe(true);
        expect(value >= min && value <= max).toBe(true);
      }
    }
  });

  test('shows zero separately on a log axis, and cannot be logarithmic for negative values', () => {
    const zero = xAxis(Float64Array.of(0, 1, 100), null, true, 500);
    expect(zero.kind).toBe('logarithmic');
    expect(zero.ticks[0]!.label).toBe('0');
    expect(zero.zeroAt).toBeGreaterThanOrEqual(zero.min);
    expect(zero.zeroAt).toBeLessThan(1);
    expect(xAxis(Float64Array.of(-1, 1), null, true, 500)).toMatchObject({
      kind: 'linear',
      logRefused: true,
    });
  });

  test('of one point, or of none, has a positive length', () => {
    for (const xs of [Float64Array.of(5), Float64Array.of(0.01), new Float64Array()]) {
      for (const log of [false, true]) {
        const { min, max } = xAxis(xs, null, log, 500);
        expect(min).toBeLessThan(max);
      }
    }
  });
});

describe('marks', () => {
  const over = xAxis(Float64Array.of(1e-4, 1), null, true, 400);
  const layout = (marks: readonly XMark[]) => layOutMarks(marks, over, [0, 400], (text) => text.length * 6);

  test('have names that overlap neither each other nor the line of another mark', () => {
    const marks = [
      { name: 'steepest', x: 6.1e-4 },
      { name: 'valley', x: 2.1e-3 },
      { name: 'minimum / 10', x: 9e-3 },
      { name: 'slide', x: 1.2e-2 },
      { name: 'last', x: 0.9 },
    ];
    const placed = layout(marks).marks;
    expect(placed).toHaveLength(5);
    for (const a of placed) {
      const [left, right] = [a.left, a.left + a.name.length * 6];
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(400);
      for (const b of placed) {
        if (a === b) continue;
        if (a.row === b.row) expect(b.left >= right || b.left + b.name.length * 6 <= left).toBe(true);
        const at = ((Math.log10(b.x) + 4) / 4) * 400;
        if (b.row > a.row) expect(at < left || at > right, `${b.name} through ${a.name}`).toBe(true);
      }
    }
  });

  test('need one row if they are far apart and none if there are none; marks outside the range are omitted', () => {
    expect(
      layout([
        { name: 'a', x: 1e-3 },
        { name: 'b', x: 1e-1 },
      ]).rows,
    ).toBe(1);
    expect(layout([]).rows).toBe(0);
    expect(layout([{ name: 'a', x: 7 }]).marks).toEqual([]);
  });
});

describe('lines as text', () => {
  const lines = linesOf(
    chart([
      line('adam', [1, 24.2, 2, 3, 3, 0.00123456789]),
      line('sgd', [1, 24.2, 3, Number.NaN], [20, 30, Number.NaN, Number.NaN]),
      line('late', [2, 1, 3, 2]),
    ]),
  );

  test('a value has its spread, and its x if that differs', () => {
    const at = (x: number) => readAt(lines, x).map(({ value }) => value);
    expect(at(3)).toEqual(['0.00123457', 'not finite', '2']);
    expect(at(1)).toEqual(['24.2', '24.2 (20 to 30)', 'no value']);
    expect(at(2)).toEqual(['3', '24.2 (20 to 30) at 1', '1']);
  });

  test('every line has a description; the short form names the lowest line, or the marks', () => {
    const axes = { x: { title: 'step', log: false }, y: { title: 'loss', log: true } };
    const { short, full } = wordsOf(lines, { ...axes, marks: [] });
    expect(short).toBe('Lowest loss: adam, 0.00123 at step 3');
    expect(full).toContain('adam: from 24.2 to 0.00123, least 0.00123 at 3');
    expect(full).toContain('sgd: from 24.2 to 24.2, least 24.2 at 1, not finite in places');
    expect(wordsOf(lines, { ...axes, marks: [{ name: 'valley', x: 0.0021 }] }).short).toBe('valley 0.0021');
    const early = linesOf(chart([line('a', [0.1, 5, 1, 2, 10, 7]), line('b', [0.1, 5, 10, 4])]));
    expect(wordsOf(early, { ...axes, x: { title: 'learning rate', log: true }, marks: [] }).short).toBe(
      'Lowest loss: a, 2 at learning rate 1',
    );
  });
});

test('a missing value is blank only if an optimizer of the run does not have the quantity', () => {
  const plain = { training: null, config: [['optimizer', 'adam']] as const };
  const switching = { training: null, config: [['switch', 'sgd at=500']] as const };
  expect(mayBeBlank('vHat', plain)).toBe(false);
  expect(mayBeBlank('vHat', switching)).toBe(true);
  expect(mayBeBlank('loss', switching)).toBe(false);
  expect(mayBeBlank('predictedChange', plain)).toBe(true);
  const training = { optimizer: '', hasFormulas: true, rank: null, tensors: 1, groups: [] };
  expect(mayBeBlank('vHat', { ...plain, training })).toBe(true);
  expect(mayBeBlank('loss', { ...plain, training })).toBe(false);
});
