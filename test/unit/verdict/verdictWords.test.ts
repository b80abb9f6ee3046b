import { describe, expect, it } from 'vitest';
import type { Tail } from '../../../src/core/ending/lossCourse';
import type { RunEnd } from '../../../src/core/ending/runEnd';
import type { RunOutcome } from '../../../src/core/runLoop';
import type { VerdictKind } from '../../../src/core/verdict/verdict';
import { verdictInWords } from '../../../src/core/verdict/verdictWords';

const outcome = { final: { gradNorm: 1e-3 }, best: { loss: 9, t: 100 } } as unknown as RunOutcome;

function wordsOf(kind: VerdictKind, also: Partial<RunEnd>, isHeldByDecay = false, ended: object = outcome) {
  const end: RunEnd = {
    stopped: 'steps',
    steps: 100,
    startLoss: 12,
    leastLoss: 9,
    finalLoss: 9,
    firstNonFinite: null,
    peak: { loss: 10, t: 1 },
    isMean: false,
    lateDecrease: 0,
    isUncompared: false,
    isLowest: true,
    gradientShare: 1e-3,
    polished: null,
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
    tail: null,
    isNoisy: false,
    isOfBatches: false,
    overshoot: null,
    oscillation: null,
    isDrawn: false,
    stillSince: null,
    frozenAt: null,
    ...also,
  };
  return verdictInWords(kind, {
    end,
    outcome: ended as RunOutcome,
    isAtSaddle: false,
    isHeldByDecay,
    lacksTerm: false,
    isMismatched: false,
  });
}

describe('the loss of an unstable run', () => {
  const tail = { mean: 4, steps: 76, blockSteps: 4, isFalling: false, rate: null } as unknown as Tail;

  it('is the mean over the end, because the last one depends on the phase of an oscillation', () => {
    const { headline, evidence } = wordsOf('unstable', { leastLoss: 1, finalLoss: 1.5, tail });
    expect(headline).toBe('Unstable: the mean loss of the last 80 steps is 4, above the lowest one.');
    expect(evidence).toMatchObject({ finalLoss: 1.5, meanLossAtEnd: 4 });
  });

  it('is the last one in a run without a trend', () => {
    const { headline } = wordsOf('unstable', { leastLoss: 1, finalLoss: 1.5 });
    expect(headline).toBe('Unstable: the loss ended at 1.5, above its lowest value 1.');
  });
});

it('states that the best of drawn losses is a lucky one', () => {
  expect(wordsOf('converged', {}).isBestLucky).toBeUndefined();
  for (const also of [{ isMean: true }, { isUncompared: true }, { isDrawn: true }])
    expect(wordsOf('diverged', also)).toMatchObject({
      isBestLucky: true,
      detail: 'The lowest single loss was 9 at t = 100.',
    });
});

describe('a loss that is not finite', () => {
  const broken = (also: Partial<RunEnd>, best = { loss: 9, t: 0 }) =>
    wordsOf(
      'broken',
      { stopped: 'nonFinite', finalLoss: Number.NaN, gradientShare: Number.NaN, ...also },
      false,
      {
        final: { gradNorm: Number.NaN },
        best,
      },
    );
  const infinite = Number.POSITIVE_INFINITY;

  it('is named at the first step that has one, not at the parameters after that', () => {
    const { headline, evidence } = broken({ steps: 2, firstNonFinite: { t: 2, loss: infinite } });
    expect(headline).toBe('Broken: the loss is ∞ at step 2.');
    expect(evidence).toMatchObject({ startLoss: 12, bestLoss: 9 });
  });

  it('is the loss of the start there', () => {
    const { headline, detail, evidence } = broken(
      { steps: 1, startLoss: Number.NaN, leastLoss: infinite, firstNonFinite: { t: 1, loss: infinite } },
      { loss: infinite, t: 0 },
    );
    expect(headline).toBe('Broken: the loss is ∞ at the start.');
    expect(detail).toBe('No loss of the run was finite.');
    expect(evidence).toMatchObject({ startLoss: infinite, bestLoss: infinite });
  });

  it('is NaN where no loss of the run is another number', () => {
    const also = { startLoss: Number.NaN, leastLoss: infinite, firstNonFinite: { t: 1, loss: Number.NaN } };
    expect(broken(also, { loss: Number.NaN, t: 0 }).evidence).toMatchObject({
      startLoss: Number.NaN,
      bestLoss: Number.NaN,
    });
  });

  it('is named also where the run left it again, and where it is that of the last point alone', () => {
    const left = broken({ stopped: 'steps', finalLoss: 9, firstNonFinite: { t: 7, loss: Number.NaN } });
    expect(left.headline).toBe('Broken: the loss is NaN at step 7.');
    const last = broken({ stopped: 'steps', finalLoss: infinite });
    expect(last.headline).toBe('Broken: the loss is ∞ after the last step.');
  });

  it('is no headline where an update made a parameter infinite before', () => {
    expect(broken({ steps: 4 }).headline).toBe('Broken: a parameter is not finite after step 4.');
  });

  it('leaves the lowest finite loss, where the loss fell to −∞', () => {
    const { detail, evidence } = broken(
      { firstNonFinite: { t: 5, loss: -infinite }, leastLoss: 3 },
      { loss: -infinite, t: 4 },
    );
    expect(detail).toBe('The lowest finite loss was 3.');
    expect(evidence.bestLoss).toBe(-infinite);
  });
});

function detail(finalLoss: number, polishedLoss: number): string {
  const polished = { loss: polishedLoss, evaluations: 50, distance: 0, stepsAway: 0, gradientShare: 0 };
  return wordsOf('still-improving', { leastLoss: finalLoss, finalLoss, polished }).detail;
}

describe('a cause that the evidence does not show', () => {
  it('is not stated for saturated expressions: the run may be at another minimum, and still fall', () => {
    const expression = {
      place: {
        location: { file: '/loss.ts', line: 1, column: 1, endLine: 1, endColumn: 9 },
        expression: 'Math.tanh(z)',
      },
      count: 1,
      saturated: 1,
      value: 0.99,
      bound: 1,
      depth: 5,
      pulled: 0,
      coordinates: [0],
    };
    const { headline } = wordsOf('stalled', {
      saturation: { kind: 'vanished', expression, factor: 0.2, loss: 7 },
    });
    expect(headline).toBe('Stalled: the loss is 9, and expressions in it are saturated.');
  });

  it('claims no minimum where weight decay balances the gradient: the loss may have none', () => {
    expect(wordsOf('stalled', {}, true).headline).toBe(
      'Stalled: the loss is 9; without weight decay, a local search goes lower.',
    );
  });

  it('does not say that the loss stays where it is after the gradient vanished', () => {
    expect(wordsOf('stalled', { lowerElsewhere: { kind: 'before-leap', t: 3, loss: 1 } }).headline).toBe(
      'Stalled: the gradient vanished after step 3, and the loss is 9.',
    );
  });
});

describe('numbers that a reader would misunderstand', () => {
  it('are no lowest value that differs by rounding alone', () => {
    const [least, final] = [43.75 - 8e-15, 43.75];
    expect(wordsOf('converged', { startLoss: 44.5, leastLoss: least, finalLoss: final }).detail).toMatch(
      /^The loss went from 44\.5 to 43\.8\. /,
    );
  });

  it('are no decrease per step above the loss itself', () => {
    const tail = { rate: 4e-4, fallPerStep: 1e-3, isFalling: true, ratio: 0.1, steps: 3 };
    const headline = (finalLoss: number) =>
      wordsOf('still-improving', { finalLoss, tail: tail as unknown as RunEnd['tail'] }).headline;
    expect(headline(8e-5)).toBe(
      'Not finished: the loss still decreases by 0.001 per step, the average over the last 3 steps.',
    );
    expect(headline(8e-3)).toBe('Not finished: the loss still decreases by 4e-4 (5 %) per step.');
  });

  it('are no jump, where the loss grew step by step and fell again', () => {
    const peak = { loss: 2.8e35, t: 51 };
    expect(wordsOf('diverged', { startLoss: 20, leastLoss: 20, finalLoss: 1.35e17, peak })).toMatchObject({
      headline: 'Diverged: the loss grew from 20 to 2.8e35 and ended at 1.35e17.',
      detail: 'The highest loss was at step 51. The lowest loss was 9 at t = 100.',
    });
  });
});

describe('what a local search reaches', () => {
  it('is a loss, where its digits differ from those of the last one', () => {
    expect(detail(9.5, 9)).toBe(
      'The loss went from 12 to 9.5. A local search from the last point (50 evaluations) lowers it to 9.',
    );
  });

  it('is the difference, where both losses would be written alike', () => {
    expect(detail(9 + 7.6e-5, 9)).toBe(
      'The loss went from 12 to 9. A local search from the last point (50 evaluations) lowers it by 7.6e-5.',
    );
  });

  it('is preceded by the decrease, where start and end would be written alike', () => {
    expect(detail(12 - 4e-4, 9)).toBe(
      'The loss decreased by 4e-4 from 12. A local search from the last point (50 evaluations) lowers it to 9.',
    );
  });

  it('is nothing, where no lower loss was found', () => {
    expect(detail(9, 9)).toBe(
      'The loss went from 12 to 9. A local search from the last point (50 evaluations) finds no lower loss.',
    );
  });
});

describe('the verdict on a run that maximizes', () => {
  /** The negated objective went from −1 to −4. */
  const verdict = (kind: VerdictKind, leastLoss = -4) =>
    verdictInWords(kind, {
      end: {
        stopped: 'steps',
        steps: 100,
        startLoss: -1,
        leastLoss,
        finalLoss: -4,
        firstNonFinite: null,
        peak: { loss: -1, t: 1 },
        isMean: false,
        lateDecrease: 0,
        isUncompared: false,
        isLowest: true,
        gradientShare: 1e-3,
        polished: { loss: -5, evaluations: 50, distance: 0, stepsAway: 0, gradientShare: 0 },
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
        tail: { rate: 0.02, isFalling: true, ratio: 1, steps: 20 } as unknown as RunEnd['tail'],
        isNoisy: false,
        isOfBatches: false,
        overshoot: null,
        oscillation: null,
        isDrawn: false,
        stillSince: null,
        frozenAt: null,
      },
      outcome: { final: { gradNorm: 1e-3 }, best: { loss: -4.5, t: 90 } } as unknown as RunOutcome,
      isAtSaddle: false,
      isHeldByDecay: false,
      lacksTerm: false,
      isMismatched: false,
      direction: -1,
    });

  it.each<[VerdictKind, string]>([
    ['converged', 'Converged: the objective is 4 after 100 steps.'],
    ['still-improving', 'Not finished: the objective still increases by 0.02 (0.5 %) per step.'],
    ['stalled', 'Stalled: the objective hardly increases any more, at 4, which is not a maximum.'],
    ['diverged', 'Diverged: the objective fell from 1 to 4.'],
    ['unbounded', 'Unbounded: the objective increases without an upper bound, to 4 so far.'],
    ['unstable', 'Unstable: the parameters oscillate while the objective is 4.'],
  ])('%s', (kind, headline) => expect(verdict(kind).headline).toBe(headline));

  it('names the highest value, and has the values of the user’s function as its evidence', () => {
    const { headline, detail, evidence } = verdict('unstable', -4.5);
    expect(headline).toBe('Unstable: the objective ended at 4, below its highest value 4.5.');
    expect(detail).toBe(
      'The objective went from 1 to 4, with a highest value of 4.5. ' +
        'A local search from the last point (50 evaluations) raises it to 5.',
    );
    expect(evidence).toMatchObject({
      startLoss: 1,
      bestLoss: 4.5,
      finalLoss: 4,
      fallPerStep: -0.02,
      polishedLoss: 5,
    });
    expect(verdict('diverged').detail).toBe('The highest objective was 4.5 at t = 90.');
  });
});
