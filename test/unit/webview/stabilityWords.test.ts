import { describe, expect, test } from 'vitest';
import { type RunView, scalarPlaces } from '../../../src/protocol/panel';
import type { ChartLine } from '../../../webview/charts/chartLine';
import { aboutSteps, outlookOf, stabilityWords } from '../../../webview/charts/stabilityWords';

interface Standing {
  readonly status?: RunView['status'];
  readonly steps?: number;
  readonly unstableAt?: number;
  readonly rebound?: number;
}

function runAt({
  status = 'running',
  steps = 2500,
  unstableAt = Number.NaN,
  rebound = Number.NaN,
}: Standing): RunView {
  const scalars = new Float64Array(Object.keys(scalarPlaces).length).fill(Number.NaN);
  scalars[scalarPlaces.unstableAt] = unstableAt;
  scalars[scalarPlaces.rebound] = rebound;
  const stability = { every: 60, closerEvery: 10, settledFrom: 30 };
  return { status, steps, plannedSteps: 3000, scalars, stability } as unknown as RunView;
}

/** Lines whose buckets have one value each. */
function lines(values: readonly number[], limits: readonly number[]): ChartLine[] {
  return [values, limits].map((line) => ({
    name: '',
    envelope: Float64Array.from(
      line.flatMap((value, i) => [1 + 10 * i, value, value, Number.isNaN(value) ? 1 : 0]),
    ),
    colour: '',
    dash: [],
    width: 1,
    endLabel: '',
    mayBeBlank: true,
    aside: false,
  }));
}

const near = lines([10, 35.4], [38, 38]);

describe('the stability forecast', () => {
  test('is rounded to one digit', () => {
    expect([3, 9, 10, 14, 96, 124, 250, 12_345].map(aboutSteps)).toEqual([
      'a few steps',
      'a few steps',
      'about 10 steps',
      'about 10 steps',
      'about 100 steps',
      'about 100 steps',
      'about 300 steps',
      'about 10\u202f000 steps',
    ]);
  });

  test('is highlighted if the run continues, it is near and within the run, and the loss would rise', () => {
    const isPressing = (standing: Standing) => outlookOf(runAt(standing))?.isPressing;
    expect(isPressing({ unstableAt: 2624, rebound: 2.8 })).toBe(true);
    expect(isPressing({ unstableAt: 2624, rebound: Number.POSITIVE_INFINITY })).toBe(true);
    expect(isPressing({ unstableAt: 2624, rebound: 2.8, status: 'paused' })).toBe(true);
    expect(isPressing({ unstableAt: 2624, rebound: 2.8, status: 'finished' })).toBe(false);
    expect(isPressing({ unstableAt: 2624 })).toBe(false);
    expect(isPressing({ unstableAt: 2900, rebound: 2.8 })).toBe(false);
    expect(isPressing({ unstableAt: 3010, rebound: 2.8, steps: 2990 })).toBe(false);
    expect(outlookOf(runAt({}))).toBeNull();
    expect(outlookOf(runAt({ unstableAt: 2400, rebound: 2.8 }))).toBeNull();
  });

  test('states the expected effect on the loss', () => {
    const full = (standing: Standing) => outlookOf(runAt(standing))!.full;
    expect(full({ unstableAt: 2624, rebound: 2.814 })).toBe(
      'At this rate the stability limit is reached in about 100 steps, near step 2624; the loss may then rise by up to 2.81',
    );
    expect(full({ unstableAt: 2624 })).toContain('the effect on the loss would be negligible');
    expect(full({ unstableAt: 2624, rebound: Number.POSITIVE_INFINITY })).toContain(
      'until the loss becomes flatter',
    );
    expect(full({ unstableAt: 2624, rebound: 1, status: 'finished' })).toMatch(/^If the run had continued/);
  });
});

describe('the text of the stability chart', () => {
  test('states the value, the limit and the prediction', () => {
    expect(stabilityWords(runAt({}), near, null).short).toBe('35.4, 93 % of the limit 38');
    const { short, full } = stabilityWords(runAt({ unstableAt: 2624, rebound: 2.8 }), near, null);
    expect(short).toBe('35.4 of 38: unstable in about 100 steps');
    expect(full).toBe(
      'now 35.4, 93 % of the limit 38. At this rate the stability limit is reached in about 100 steps, near step 2624; the loss may ' +
        'then rise by up to 2.8. Sampled every 60 steps, every 10 near the limit, held in between; not meaningful before step 30',
    );
    expect(
      stabilityWords(runAt({ unstableAt: 2624, rebound: 2.8, status: 'finished' }), near, null).short,
    ).toBe('35.4 of 38: unstable about 100 steps later');
  });

  test('states since when the value is above the limit', () => {
    const beyond = lines([10, 39.6], [38, 38]);
    expect(stabilityWords(runAt({ unstableAt: 2424 }), beyond, null).short).toBe(
      '39.6, above its limit 38 since step 2424',
    );
    expect(stabilityWords(runAt({}), beyond, null).short).toBe('39.6, above its limit 38');
  });

  test('marks the last sample as old if there are none now', () => {
    const stopped = lines([2.1, Number.NaN], [2, 2]);
    expect(stabilityWords(runAt({ unstableAt: 2624, rebound: 1 }), stopped, null).short).toBe(
      'last 2.1, above its limit 2',
    );
    expect(stabilityWords(runAt({}), lines([Number.NaN], [38]), null).short).toBe('No samples yet');
    expect(stabilityWords(runAt({}), [], null).short).toBe('No samples yet');
  });

  test('names the last visible step of a zoomed chart, and gives no forecast there', () => {
    const beyond = lines([10, 39.6], [38, 38]);
    expect(stabilityWords(runAt({ unstableAt: 2624, rebound: 2.8 }), near, 900).short).toBe(
      'at step 900: 35.4, 93 % of the limit 38',
    );
    expect(stabilityWords(runAt({ unstableAt: 2424 }), beyond, 2000).short).toBe(
      'at step 2000: 39.6, above its limit 38',
    );
  });
});
