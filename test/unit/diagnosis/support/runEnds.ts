import type { RunEnd } from '../../../../src/core/ending/runEnd';

/** A run that went from 10 to 5, where a polish reaches the minimum at 0: it ended far from it. */
export const farEnd: RunEnd = {
  stopped: 'steps',
  steps: 100,
  startLoss: 10,
  leastLoss: 5,
  finalLoss: 5,
  firstNonFinite: null,
  peak: { loss: 10, t: 1 },
  isMean: false,
  lateDecrease: 0,
  isUncompared: false,
  isLowest: true,
  gradientShare: 0.5,
  polished: { loss: 0, evaluations: 20, distance: 0, stepsAway: 0, gradientShare: 0 },
  surroundings: null,
  lowerElsewhere: null,
  isAtMinimumOfStep: false,
  drift: null,
  lag: null,
  meanGradientNorm: null,
  beyond: null,
  asymptote: null,
  saturation: null,
  oddScale: null,
  tail: null,
  isNoisy: false,
  isOfBatches: false,
  overshoot: null,
  oscillation: null,
  isDrawn: false,
  stillSince: null,
  frozenAt: null,
};

/** The same run with a polish that gains this share of the decrease, which is 5. */
export function endWithGain(share: number): RunEnd {
  return {
    ...farEnd,
    polished: { loss: 5 - 5 * share, evaluations: 20, distance: 0, stepsAway: 0, gradientShare: 0 },
  };
}

/** The least gain of a polish at which a run counts as far from the minimum. */
export const farGain = 0.05;
