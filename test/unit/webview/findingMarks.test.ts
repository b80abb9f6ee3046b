import { describe, expect, test } from 'vitest';
import { areTinted, placeGlyphs, stretchesOf } from '../../../webview/charts/findingMarks';

describe('the steps that findings highlight', () => {
  test('are merged for each severity, with the most severe on top', () => {
    const mark = (severity: 'error' | 'warning' | 'info', from: number, to: number) => ({
      severity,
      steps: [from, to] as const,
    });
    expect(
      stretchesOf([
        mark('error', 20, 30),
        mark('warning', 50, 90),
        mark('warning', 10, 40),
        mark('warning', 40, 60),
        mark('info', 5, 8),
        mark('warning', 95, 95),
      ]),
    ).toEqual([mark('info', 5, 8), mark('warning', 10, 90), mark('warning', 95, 95), mark('error', 20, 30)]);
  });

  test('do not include an info finding about the whole run', () => {
    expect(stretchesOf([{ severity: 'info', steps: [1, 900] }])).toEqual([]);
    expect(stretchesOf([{ severity: 'warning', steps: [1, 900] }])).toHaveLength(1);
  });
});

describe('a tint behind the lines', () => {
  const stretches = (...steps: [number, number][]) =>
    stretchesOf(steps.map((each) => ({ severity: 'warning' as const, steps: each })));

  test('shows the steps of findings while most other steps are not tinted', () => {
    expect(areTinted(stretches([640, 1000]), [1, 1000])).toBe(true);
    expect(areTinted(stretches([1, 100], [500, 900]), [1, 1000])).toBe(true);
    expect(areTinted([], [1, 1000])).toBe(true);
  });

  test('is omitted if it would cover nearly all visible steps', () => {
    expect(areTinted(stretches([1, 1000]), [1, 1000])).toBe(false);
    expect(areTinted(stretches([1, 400], [450, 1000]), [1, 1000])).toBe(false);
    expect(areTinted(stretches([640, 1000]), [700, 800])).toBe(false);
    expect(
      areTinted(
        stretchesOf([
          { severity: 'warning', steps: [1, 600] },
          { severity: 'error', steps: [500, 900] },
        ]),
        [1, 1000],
      ),
    ).toBe(false);
  });

  test('does not depend on infos, which have only a bar', () => {
    expect(areTinted(stretchesOf([{ severity: 'info', steps: [2, 1000] }]), [1, 1000])).toBe(true);
  });
});

describe('the glyphs of findings', () => {
  const [warning, error] = ['warning', 'error'] as const;

  test('are placed where the findings begin, or next to each other if several begin there', () => {
    expect(
      placeGlyphs(
        [
          { severity: warning, at: 100 },
          { severity: error, at: 100 },
          { severity: warning, at: 200 },
        ],
        10,
        300,
      ),
    ).toEqual([
      { severity: error, left: 100 },
      { severity: warning, left: 110 },
      { severity: warning, left: 200 },
    ]);
  });

  test('of the same severity are merged within the width of a glyph', () => {
    const starts = [100, 104, 109, 111].map((at) => ({ severity: warning, at }));
    expect(placeGlyphs(starts, 10, 300).map(({ left }) => left)).toEqual([100, 111]);
  });

  test('do not overlap, and stay within the plot', () => {
    const starts = Array.from({ length: 40 }, (_, i) => ({
      severity: i % 2 === 0 ? warning : error,
      at: (i * 37) % 300,
    }));
    const lefts = placeGlyphs(starts, 10, 300).map(({ left }) => left);
    expect(lefts.length).toBeGreaterThan(15);
    lefts.forEach((left, i) => {
      if (i > 0) expect(left - lefts[i - 1]!).toBeGreaterThanOrEqual(10);
      expect(left + 10).toBeLessThanOrEqual(300);
    });
    expect(placeGlyphs([{ severity: error, at: 299 }], 10, 300)).toEqual([{ severity: error, left: 290 }]);
  });
});
