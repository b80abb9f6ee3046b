import { describe, expect, it } from 'vitest';
import type { Tail } from '../../../src/core/ending/lossCourse';
import { leftOf, type RunEnd } from '../../../src/core/ending/runEnd';
import { type FoundAtEnd, kindOf } from '../../../src/core/verdict/judgeEnd';
import type { VerdictKind } from '../../../src/core/verdict/verdict';

const level = {
  steps: 200,
  spread: 0,
  mean: 1e-9,
  lowest: 1e-9,
  highest: 1e-9,
  standardError: 0,
  blockSteps: 5,
  isDescending: false,
  rate: null,
  lastBlockFall: 0,
};
const flat: Tail = { ...level, fallPerStep: 0, fallError: 0, fallAtEnd: 0, isFalling: false, ratio: 0 };
/** It approaches a value: half of the decrease is made in each span. */
const ending: Tail = {
  ...level,
  fallPerStep: 1e-9,
  fallError: 0,
  fallAtEnd: 1e-9,
  isFalling: true,
  ratio: 0.5,
};
const steady: Tail = {
  ...level,
  fallPerStep: 1e-3,
  fallError: 0,
  fallAtEnd: 1e-3,
  isFalling: true,
  ratio: 1,
};

/** A run of 1000 steps that went from 10 to its minimum at 0. */
const converged: RunEnd = {
  stopped: 'steps',
  steps: 1000,
  startLoss: 10,
  leastLoss: 0,
  finalLoss: 0,
  firstNonFinite: null,
  peak: { loss: 10, t: 1 },
  isMean: false,
  lateDecrease: 0,
  isUncompared: false,
  isLowest: true,
  gradientShare: 0,
  polished: { loss: 0, evaluations: 9, distance: 0, stepsAway: 100, gradientShare: 0 },
  surroundings: null,
  lowerElsewhere: null,
  isAtMinimumOfStep: false,
  drift: null,
  lag: null,
  meanGradientNorm: null,
  beyond: null,
  saturation: null,
  asymptote: null,
  oddScale: null,
  tail: flat,
  isNoisy: false,
  isOfBatches: false,
  overshoot: null,
  oscillation: null,
  isDrawn: false,
  stillSince: null,
  frozenAt: null,
};
const jittering = { loss: 0, evaluations: 9, distance: 0, stepsAway: 2, gradientShare: 0 };
const there = { loss: 1, evaluations: 1, distance: 0, stepsAway: 100, gradientShare: 0 };
const beside = { kind: 'beside-start', loss: 0, distance: 0.1 } as const;
const nothing: FoundAtEnd = {
  divergence: false,
  nonFinite: false,
  unbounded: false,
  saddle: false,
  oscillation: false,
  heldByDecay: false,
  epsStall: false,
  saturation: false,
  heldByScale: false,
  lacksTerm: false,
  stoppedWhileImproving: false,
};

const atInfinity = { loss: 0, direction: Float64Array.of(1), distance: 1e4 };
const farther = { loss: 1e-30, evaluations: 120, distance: 50, stepsAway: 1e9, gradientShare: 0 };

describe('the kind of a verdict', () => {
  it.for<[VerdictKind, string, Partial<RunEnd>, (keyof FoundAtEnd)?]>([
    ['converged', 'at the minimum', {}],
    [
      'converged',
      'still falling, a millionth of the decrease above the minimum',
      { finalLoss: 9e-6, leastLoss: 9e-6, tail: steady },
    ],
    [
      'still-improving',
      'still falling, ten millionths above the minimum',
      { finalLoss: 1e-4, leastLoss: 1e-4, tail: steady },
    ],
    ['converged', 'flat, a thousandth above the minimum', { finalLoss: 9e-3, leastLoss: 9e-3 }],
    ['stalled', 'flat, a tenth above the minimum', { finalLoss: 1, leastLoss: 1 }],
    [
      'stalled',
      'flat and far from the minimum, after an enormous start',
      {
        startLoss: 1e23,
        finalLoss: 0.66,
        leastLoss: 0.46,
        polished: { loss: 0, evaluations: 51, distance: 0.9, stepsAway: 1e9, gradientShare: 0 },
      },
    ],
    ['stalled', 'falling toward a value above the minimum', { finalLoss: 1, leastLoss: 1, tail: ending }],
    [
      'still-improving',
      'slowed down, but a hundredth of what is left was gained in the last fifth',
      { finalLoss: 1, leastLoss: 1, tail: { ...ending, fallPerStep: 5.1e-5, ratio: 0.1 } },
    ],
    [
      'stalled',
      'slowed down, with less than a hundredth of what is left gained',
      { finalLoss: 1, leastLoss: 1, tail: { ...ending, fallPerStep: 4.9e-5, ratio: 0.1 } },
    ],
    ['still-improving', 'falling steadily', { finalLoss: 1, leastLoss: 1, tail: steady }],
    [
      'still-improving',
      'too short for a trend, but lower than the start',
      { finalLoss: 9, leastLoss: 9, tail: null },
    ],
    [
      'converged',
      'flat, with noise half a percent above the minimum',
      { finalLoss: 0.05, leastLoss: 0.05, isNoisy: true },
    ],
    ['unstable', 'far above its lowest loss', { finalLoss: 2 }],
    [
      'converged',
      'with noise a thousandth above the minimum, falling by less than a tenth of what is left',
      {
        finalLoss: 9e-3,
        leastLoss: 9e-3,
        tail: { ...steady, fallPerStep: 4e-6, fallAtEnd: 4e-6 },
        isNoisy: true,
      },
    ],
    [
      'converged',
      'with noise a thousandth above the minimum, after a fall that has ended',
      { finalLoss: 9e-3, leastLoss: 9e-3, tail: { ...steady, fallAtEnd: 1e-9 }, isNoisy: true },
    ],
    [
      'still-improving',
      'with noise a thousandth above the minimum, falling by more than a tenth of what is left',
      {
        finalLoss: 9e-3,
        leastLoss: 9e-3,
        tail: { ...steady, fallPerStep: 6e-6, fallAtEnd: 6e-6 },
        isNoisy: true,
      },
    ],
    [
      'converged',
      'a millionth of the decrease above a limit at infinity, which a search beyond has shown',
      { finalLoss: 9e-6, leastLoss: 9e-6, tail: steady, asymptote: atInfinity, polished: farther },
    ],
    [
      'still-improving',
      'falling, far above a limit at infinity',
      { finalLoss: 1e-3, leastLoss: 1e-3, tail: steady, asymptote: atInfinity, polished: farther },
    ],
    [
      'still-improving',
      'falling, with noise a hundredth above the minimum',
      { finalLoss: 0.1, leastLoss: 0.1, tail: steady, isNoisy: true },
    ],
    ['unstable', 'most of what is left was reached before', { finalLoss: 0.1, leastLoss: 0.04 }],
    ['stalled', 'a part of what is left was reached before', { finalLoss: 0.1, leastLoss: 0.06 }],
    [
      'stalled',
      'standing still, after most of it was reached',
      { finalLoss: 0.1, leastLoss: 0.04, stillSince: 800 },
    ],
    ['unstable', 'standing still at the very end', { finalLoss: 0.1, leastLoss: 0.04, stillSince: 801 }],
    ['converged', 'standing still at a minimum', { stillSince: 10 }],
    ['converged', 'a thousandth above the minimum', { finalLoss: 9e-3, leastLoss: 9e-3 }],
    [
      'stalled',
      'a thousandth above the minimum, because lr is almost 0',
      { finalLoss: 9e-3, leastLoss: 9e-3, exhaustedSince: 200 },
    ],
    [
      'converged',
      'a hundred thousandth above the minimum, although lr is almost 0',
      { finalLoss: 9e-5, leastLoss: 9e-5, exhaustedSince: 200 },
    ],
    [
      'converged',
      'within reach of a minimum, although lr is almost 0',
      {
        finalLoss: 9e-3,
        leastLoss: 9e-3,
        exhaustedSince: 200,
        polished: { loss: 0, evaluations: 9, distance: 0, stepsAway: 10, gradientShare: 0 },
      },
    ],
    [
      'converged',
      'with noise that a small lr averages out',
      { finalLoss: 9e-3, leastLoss: 9e-3, exhaustedSince: 200, isNoisy: true },
    ],
    ['stalled', 'held by weight decay, after a lower loss on the way', { finalLoss: 3 }, 'heldByDecay'],
    ['unstable', 'oscillating', { finalLoss: 0.1, leastLoss: 0.08 }, 'oscillation'],
    ['unstable', 'never below the start, and risen', { startLoss: 1, leastLoss: 1, finalLoss: 3 }],
    [
      'stalled',
      'never below the start',
      {
        startLoss: 1,
        leastLoss: 1,
        finalLoss: 1,
        polished: { loss: 1, evaluations: 9, distance: 0, stepsAway: 100, gradientShare: 0 },
      },
    ],
    [
      'stalled',
      'at a saddle point',
      {
        finalLoss: 1,
        leastLoss: 1,
        polished: { loss: 1, evaluations: 9, distance: 0, stepsAway: 100, gradientShare: 0 },
      },
      'saddle',
    ],
    [
      'stalled',
      'at the foot of a leap past a lower loss',
      { finalLoss: 1, leastLoss: 1, lowerElsewhere: { kind: 'before-leap', loss: 0, t: 3 } },
    ],
    ['converged', 'at a flat bottom', { finalLoss: 1, leastLoss: 1, surroundings: 'flat', polished: there }],
    [
      'stalled',
      'at a start beside which the loss is lower',
      { startLoss: 1, leastLoss: 1, finalLoss: 1, surroundings: 'higher', lowerElsewhere: beside },
    ],
    ['converged', 'at a minimum of a loss that grew', { finalLoss: 20, isAtMinimumOfStep: true }],
    [
      'still-improving',
      'stopped early while the loss decreased',
      { finalLoss: 1, leastLoss: 1 },
      'stoppedWhileImproving',
    ],
    ['unstable', 'stopped early at a rise', { finalLoss: 0.1, leastLoss: 0.04 }, 'stoppedWhileImproving'],
    ['diverged', 'divergence', { finalLoss: 1e9 }, 'divergence'],
    ['diverged', 'divergence until overflow', { finalLoss: Number.NaN, stopped: 'nonFinite' }, 'divergence'],
    ['broken', 'a loss that is NaN', { finalLoss: Number.NaN }],
    ['broken', 'an error', { stopped: 'error' }],
    ['broken', 'NaN at a step', {}, 'nonFinite'],
    [
      'unbounded',
      'no lower bound',
      {
        finalLoss: -1e9,
        leastLoss: -1e9,
        polished: { loss: -1e20, evaluations: 9, distance: 0, stepsAway: 100, gradientShare: 0 },
        tail: steady,
      },
      'unbounded',
    ],
  ])('is %s: %s', ([kind, , change, found]) => {
    const findings = found ? { ...nothing, [found]: true } : nothing;
    expect(kindOf({ ...converged, ...change }, findings)).toBe(kind);
  });

  it('does not depend on an offset or the scale of the loss', () => {
    for (const [scale, shift] of [
      [1e-12, 0],
      [1e9, 0],
      [1, 1000],
    ] as const) {
      const of = (loss: number) => scale * loss + shift;
      const { startLoss } = converged;
      const end = {
        ...converged,
        startLoss: of(startLoss),
        finalLoss: of(1),
        leastLoss: of(1),
        polished: { loss: of(0), evaluations: 9, distance: 0, stepsAway: 100, gradientShare: 0 },
      };
      expect(kindOf(end, nothing)).toBe('stalled');
    }
  });
});

describe('the decrease that is left', () => {
  it('is what the polish gained', () => {
    expect(
      leftOf({
        ...converged,
        finalLoss: 3,
        polished: { loss: 1, evaluations: 9, distance: 0, stepsAway: 100, gradientShare: 0 },
      }),
    ).toBe(2);
  });

  it('is estimated from the gradient without a polish', () => {
    const end = {
      ...converged,
      finalLoss: 0.1,
      leastLoss: 0.1,
      polished: null,
      gradientShare: 0.1,
    };
    expect(leftOf(end)).toBeCloseTo(0.099, 12);
  });
});

describe('a run that jitters', () => {
  const of = (mean: number, finalLoss: number) =>
    kindOf({ ...converged, finalLoss, polished: jittering, tail: { ...flat, mean } }, nothing);

  it('is judged by its mean loss, not by its last one', () => {
    expect([of(0.02, 1e-9), of(0.02, 0.03)]).toEqual(['unstable', 'unstable']);
    expect([of(0.005, 1e-9), of(0.005, 0.03)]).toEqual(['converged', 'converged']);
  });

  it('is not taken for one that left its minimum in the last steps', () => {
    const of = (finalLoss: number) =>
      kindOf({ ...converged, finalLoss, polished: jittering, tail: { ...flat, mean: 0.005 } }, nothing);
    expect([of(0.04), of(0.06)]).toEqual(['converged', 'unstable']);
  });

  it('is stalled if its steps are too short to reach the minimum', () => {
    const away = { ...jittering, stepsAway: 11, gradientShare: 0 };
    const end = { ...converged, finalLoss: 0.02, leastLoss: 0.02, tail: { ...flat, mean: 0.02 } };
    expect(kindOf({ ...end, polished: away }, nothing)).toBe('stalled');
    expect(kindOf({ ...end, polished: jittering }, nothing)).toBe('unstable');
  });
});
