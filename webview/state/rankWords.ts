import type { RankName } from '../../src/protocol/panel';

interface RankWords {
  /** After the name of a coordinate: "w1[12]: largest update". */
  readonly reason: string;
  /** What the value is, in one line. */
  readonly meaning: string;
}

export const rankWords: { readonly [R in RankName]: RankWords } = {
  largestUpdate: { reason: 'largest update', meaning: 'abs(update) of this step' },
  contribution: {
    reason: 'largest contribution',
    meaning:
      'Sum of −g·update over all steps so far: the part of the decrease of the loss due to it, to first order',
  },
  epsDominated: {
    reason: 'most eps-dominated',
    meaning: 'Share of eps in the divisor sqrt(vHat) + eps; coordinates without a gradient do not count',
  },
  lowestSnr: {
    reason: 'lowest signal-to-noise ratio',
    meaning: 'abs(mHat)/sqrt(vHat); coordinates without a gradient do not count',
  },
  dead: {
    reason: 'dead',
    meaning: 'The gradient was 0 at every step so far. The value is the parameter.',
  },
};
