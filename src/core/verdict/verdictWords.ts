import { type Direction, turned } from '../ascent';
import { drawsInMean } from '../ending/drawnLoss';
import type { Drift } from '../ending/gradientDrift';
import type { Tail } from '../ending/lossCourse';
import {
  decreaseOf,
  hasBatchNoise,
  hasDecreased,
  isDrifting,
  isExhausted,
  isHeldByBatchNoise,
  isStill,
  leftOf,
  type RunEnd,
  riseOf,
} from '../ending/runEnd';
import { lossesInMean } from '../meanOfLosses';
import { formatNumber } from '../numerics/format';
import type { RunOutcome } from '../runLoop';
import type { Verdict, VerdictKind } from './verdict';

/** What a verdict is about. */
export interface JudgedRun {
  readonly end: RunEnd;
  readonly outcome: RunOutcome;
  /** Whether the run ended at a saddle point. */
  readonly isAtSaddle: boolean;
  /** Whether weight decay keeps the run away from the minimum. */
  readonly isHeldByDecay: boolean;
  /** Whether the gradient lacks a term of the loss. */
  readonly lacksTerm: boolean;
  /** Whether the gradient is another one than that of the loss. */
  readonly isMismatched: boolean;
  /** -1: evidence and outcome are those of the negated objective; the words are about the user's. Default 1. */
  readonly direction?: Direction;
}

/** The words for one direction. */
interface Terms {
  readonly loss: string;
  readonly lowest: string;
  readonly lower: string;
  readonly above: string;
  readonly decreases: string;
  readonly decreasing: string;
  readonly decreased: string;
  readonly lowers: string;
  readonly grew: string;
  readonly highest: string;
  readonly minimum: string;
}

const descent: Terms = {
  loss: 'loss',
  lowest: 'lowest',
  lower: 'lower',
  above: 'above',
  decreases: 'decreases',
  decreasing: 'decreasing',
  decreased: 'decreased',
  lowers: 'lowers',
  grew: 'grew',
  highest: 'highest',
  minimum: 'minimum',
};

const ascent: Terms = {
  loss: 'objective',
  lowest: 'highest',
  lower: 'higher',
  above: 'below',
  decreases: 'increases',
  decreasing: 'increasing',
  decreased: 'increased',
  lowers: 'raises',
  grew: 'fell',
  highest: 'lowest',
  minimum: 'maximum',
};

function termsOf({ direction }: JudgedRun): Terms {
  return direction === -1 ? ascent : descent;
}

/** Where every step has a loss function of its own, only means can be compared. */
function lossWord(run: JudgedRun): string {
  const { loss } = termsOf(run);
  return run.end.isMean ? `mean ${loss}` : loss;
}

/** A loss as the user's function has it. */
function shown({ direction = 1 }: JudgedRun, loss: number): string {
  return formatNumber(turned(loss, direction));
}

type Words = Pick<Verdict, 'headline' | 'detail'>;

/** The verdict of a kind, with its headline, detail and evidence. */
export function verdictInWords(kind: VerdictKind, run: JudgedRun): Verdict {
  const { end, direction = 1 } = run;
  const { tail, polished, saturation } = end;
  return {
    kind,
    ...words[kind](run),
    certainty: certaintyOf(kind, run),
    evidence: {
      startLoss: turned(startLossOf(end), direction),
      bestLoss: turned(bestLossOf(run), direction),
      finalLoss: turned(end.finalLoss, direction),
      gradientShare: end.gradientShare,
      ...(saturation ? { saturation: saturation.kind } : {}),
      ...(tail && tail.rate !== null ? { fallPerStep: turned(tail.rate, direction) } : {}),
      ...(polished
        ? { polishedLoss: turned(polished.loss, direction), polishEvaluations: polished.evaluations }
        : {}),
      ...(kind === 'unstable' && tail ? { meanLossAtEnd: turned(tail.mean, direction) } : {}),
    },
    ...(isLucky(end) && { isBestLucky: true }),
    fixes: [],
  };
}

const words: { readonly [K in VerdictKind]: (run: JudgedRun) => Words } = {
  converged: (run) => ({
    headline: `Converged${isWithinBatchNoise(run) ? ' to within mini-batch noise' : ''}: ${convergedLoss(run)}${whereConverged(run)}.`,
    detail: convergedDetail(run),
  }),

  'still-improving': (run) => {
    const { decreases, decreasing, minimum, loss } = termsOf(run);
    const drift = driftOf(run);
    if (run.end.isUncompared)
      return {
        headline: `Not finished: too few steps to compare a ${loss} function that changes between steps.`,
        detail: `Means of ${lossesInMean} losses are compared, and the run has fewer than two. ${gradientSentence(run)}`,
      };
    const { oscillation } = run.end;
    if (oscillation)
      return {
        headline: `Not finished: the ${loss} oscillates, and its mean still ${decreases}.`,
        detail:
          `The mean of the ${loss} was ${shown(run, oscillation.mean)} over the last ${oscillation.spanSteps} steps and ` +
          `${shown(run, oscillation.meanBefore)} over as many before. ${evidenceSentences(run)}`,
      };
    return {
      headline:
        run.end.overshoot === 'rising'
          ? `Not finished: momentum carries the parameters past a ${minimum}, to ${loss} ${shown(run, run.end.finalLoss)}.`
          : run.end.tail?.isFalling
            ? fallingHeadline(run)
            : drift
              ? `Not finished: without its noise, the ${lossWord(run)} still ${decreases} by ${formatNumber(drift.fallPerStep, 2)} per step.`
              : `Not finished: the ${lossWord(run)} was still ${decreasing} when the run ended.`,
      detail: drift ? `${decreaseSentence(run)} ${driftSentences(drift)}` : evidenceSentences(run),
    };
  },

  stalled: (run) => ({
    headline: stalledHeadline(run),
    detail: isLagging(run) ? lagSentences(run) : evidenceSentences(run),
  }),

  unstable: (run) => {
    const { finalLoss, leastLoss, tail } = run.end;
    const { loss, above, lowest } = termsOf(run);
    if (isHeldByBatchNoise(run.end) && riseOf(run.end) > 0)
      return {
        headline: `Unstable: mini-batch noise raised the ${loss} to ${shown(run, run.end.tail!.mean)} on average, ${above} its start.`,
        detail: evidenceSentences(run),
      };
    const least = `${lowest} ${run.end.isOfBatches ? 'mean over batches' : run.end.isDrawn ? 'single draw' : 'value'} ${shown(run, leastLoss)}`;
    // The last loss depends on the phase of an oscillation.
    if (tail && tail.mean > leastLoss && shown(run, tail.mean) !== shown(run, leastLoss)) {
      const of = `${run.end.isOfBatches ? 'batch ' : ''}${loss}`;
      return {
        headline: `Unstable: the mean ${of} of the last ${stepsInWords(stepsOf(tail))} is ${shown(run, tail.mean)}, ${above} the ${lowest} one.`,
        detail: evidenceSentences(run),
      };
    }
    return {
      headline:
        finalLoss > leastLoss && shown(run, finalLoss) !== shown(run, leastLoss)
          ? `Unstable: the ${lossWord(run)} ended at ${shown(run, finalLoss)}, ${above} its ${least}.`
          : `Unstable: the parameters oscillate while the ${lossWord(run)} is ${shown(run, finalLoss)}.`,
      detail: evidenceSentences(run),
    };
  },

  diverged: (run) => {
    const { startLoss, finalLoss, peak } = run.end;
    const { loss, grew, highest } = termsOf(run);
    const from = `Diverged: the ${loss} ${grew} from ${shown(run, startLoss)}`;
    const isNumber = Number.isFinite(finalLoss);
    if (isNumber && hasFallenBack(run.end))
      return {
        headline: `${from} to ${shown(run, peak.loss)} and ended at ${shown(run, finalLoss)}.`,
        detail: `The ${highest} ${loss} was at step ${peak.t}. ${bestSentence(run)}`,
      };
    return {
      headline: isNumber
        ? `${from} to ${shown(run, finalLoss)}.`
        : `${from} until ${brokenInWords(run.end)}.`,
      detail: bestSentence(run),
    };
  },

  broken: (run) => {
    const { leastLoss } = run.end;
    const { loss, lowest } = termsOf(run);
    const least = Number.isFinite(run.outcome.best.loss)
      ? bestSentence(run)
      : `The ${lowest} finite ${loss} was ${shown(run, leastLoss)}.`;
    const none = hasBatchNoise(run.end)
      ? `Over all samples, no ${loss} of the run was finite.`
      : `No ${loss} of the run was finite.`;
    return {
      headline: `Broken: ${breakInWords(run)}.`,
      detail: Number.isFinite(leastLoss) ? least : none,
    };
  },

  unbounded: (run) => {
    const { leastLoss, steps, beyond } = run.end;
    const { loss, lower, decreases, decreased, minimum } = termsOf(run);
    const bound = lower === 'lower' ? 'a lower bound' : 'an upper bound';
    if (beyond?.overflow)
      return {
        headline: `Unbounded: the ${loss} ${decreased} without ${bound} until the numbers overflowed.`,
        detail: `The last finite ${loss} was ${shown(run, beyond.overflow.lastLoss)}. There is no ${minimum} to reach.`,
      };
    return {
      headline: `Unbounded: the ${loss} ${decreases} without ${bound}, to ${shown(run, leastLoss)} so far.`,
      detail: `After ${stepsInWords(steps)} it still ${decreases}, and there is no ${minimum} to reach.`,
    };
  },
};

/** What was not finite first: what follows from it, as a loss at parameters that are NaN, is no evidence. */
function breakInWords(run: JudgedRun): string {
  const { stopped, steps, finalLoss, firstNonFinite } = run.end;
  const { loss } = termsOf(run);
  if (stopped === 'error') return `the ${loss} threw an error at step ${steps + 1}`;
  if (firstNonFinite) {
    const { t } = firstNonFinite;
    return `the ${loss} is ${shown(run, firstNonFinite.loss)} at ${t === 1 ? 'the start' : `step ${t}`}`;
  }
  if (stopped === 'nonFinite') return `a parameter is not finite after step ${steps}`;
  return Number.isFinite(finalLoss)
    ? `the gradient of the ${loss} was not finite during the run`
    : `the ${loss} is ${shown(run, finalLoss)} after the last step`;
}

/** The loss at the start, finite or not. */
function startLossOf({ startLoss, firstNonFinite }: RunEnd): number {
  return firstNonFinite?.t === 1 ? firstNonFinite.loss : startLoss;
}

/** The lowest loss; NaN if no loss of the run is a number. */
function bestLossOf({ end: { leastLoss }, outcome: { best } }: JudgedRun): number {
  return Number.isFinite(leastLoss) && best.loss !== Number.NEGATIVE_INFINITY ? leastLoss : best.loss;
}

/** A loss that rose this many times as far above the start as it is at the end has fallen back. */
const backFrom = 100;

function hasFallenBack({ startLoss, finalLoss, peak }: RunEnd): boolean {
  return peak.loss - startLoss > backFrom * Math.max(finalLoss - startLoss, 0);
}

/** Up to this share of the decrease, nothing is left. */
const nothing = 1e-6;

/** Whether a run with mini-batches converged, but not to the minimum itself. */
function isWithinBatchNoise({ end }: JudgedRun): boolean {
  return end.polished !== null && hasBatchNoise(end) && leftOf(end) > nothing * decreaseOf(end);
}

/** Whether the loss is the same all around the last point of a run that descended to it. */
function isFlat({ end }: JudgedRun): boolean {
  return end.surroundings === 'flat' && hasDecreased(end);
}

function whereConverged(run: JudgedRun): string {
  if (run.end.asymptote) return ', near its limit at infinity';
  return isFlat(run) ? ', in a flat region' : '';
}

/** The mean over the end of a run, where a single mean would depend on its draws or on the phase of a cycle; else null. */
function meanAtEnd({ end }: JudgedRun): Tail | null {
  return end.isMean && !end.isAtMinimumOfStep && end.tail && !end.tail.isFalling ? end.tail : null;
}

/** Of which the mean is that of a tail. */
function stepsOf({ steps, blockSteps }: Tail): number {
  return steps + blockSteps;
}

function lossAtEnd(run: JudgedRun): number {
  return meanAtEnd(run)?.mean ?? run.end.finalLoss;
}

/** Whether a stalled run follows a minimum at a distance. */
function isLagging(run: JudgedRun): boolean {
  const { end, isAtSaddle, isHeldByDecay, lacksTerm, isMismatched } = run;
  const isHeld = isAtSaddle || isHeldByDecay || lacksTerm || isMismatched || end.saturation !== null;
  return end.lag !== null && !isHeld && hasDecreased(end);
}

function lagSentences(run: JudgedRun): string {
  const { startLoss, lag } = run.end;
  const tail = meanAtEnd(run);
  const over = tail ? ` over the last ${stepsInWords(stepsOf(tail))}` : '';
  return (
    `The ${lossWord(run)} went from ${shown(run, startLoss)} to ${shown(run, lossAtEnd(run))}${over}. ` +
    `The gradients of consecutive steps have the mean correlation ${formatNumber(lag!.correlation)}. ` +
    `Their root mean square norm is ${formatNumber(lag!.share)} of the largest one.`
  );
}

/** The mean gradient of a run whose mean losses alone do not show that it is on its way. */
function driftOf({ end }: JudgedRun): Drift | null {
  return end.tail?.isFalling || !isDrifting(end) ? null : end.drift;
}

function driftSentences({ steps, of, errors, isMeasured }: Drift): string {
  const part = of === 'coordinate' ? 'has a coordinate that' : `along that of the ${steps} before`;
  return (
    `The mean gradient of the last ${stepsInWords(steps)} ${part} is ${formatNumber(errors, 2)} standard errors from 0. ` +
    (isMeasured
      ? 'The rate is that of equal draws at both ends of the last steps, because the noise of the losses hides it.'
      : 'The rate is that of the gradients to first order, because the noise of the losses hides it.')
  );
}

function convergedLoss(run: JudgedRun): string {
  const tail = meanAtEnd(run);
  return tail
    ? `the ${lossWord(run)} is ${shown(run, tail.mean)} over the last ${stepsInWords(stepsOf(tail))}`
    : `the ${lossWord(run)} is ${shown(run, run.end.finalLoss)} after ${stepsInWords(run.end.steps)}`;
}

function convergedDetail(run: JudgedRun): string {
  const { loss, lower, decreases, minimum } = termsOf(run);
  const tail = meanAtEnd(run);
  if (!hasDecreased(run.end) && !run.end.isAtMinimumOfStep) return startSentence(run);
  if (run.end.isAtMinimumOfStep)
    return `${decreaseSentence(run)} The ${loss} function changes between steps, and the last point is a ${minimum} of the last one.`;
  if (isFlat(run))
    return `${decreaseSentence(run)} It is the same all around the last point, and a ${lower} ${loss} elsewhere cannot be excluded.`;
  if (tail)
    return (
      `The ${lossWord(run)} went from ${shown(run, run.end.startLoss)} to ${shown(run, tail.mean)}, with a standard error of ` +
      `${formatNumber(tail.standardError, 2)} if the steps are independent. The means of ${tail.blockSteps} steps are from ` +
      `${shown(run, run.direction === -1 ? tail.highest : tail.lowest)} to ` +
      `${shown(run, run.direction === -1 ? tail.lowest : tail.highest)}. ${gradientSentence(run)}`
    );
  const { asymptote } = run.end;
  if (asymptote)
    return `${evidenceSentences(run)} It has no finite ${minimum}: while parameters grow, it ${decreases} towards ${shown(run, asymptote.loss)}.`;
  return evidenceSentences(run);
}

/** Whether the losses of the steps, or of the epochs, cannot be compared one by one: the lowest of them is a lucky draw. */
function isLucky({ isMean, isUncompared, isDrawn }: RunEnd): boolean {
  return isMean || isUncompared || isDrawn;
}

function bestSentence(run: JudgedRun): string {
  const { best } = run.outcome;
  const { loss, lowest } = termsOf(run);
  return `The ${lowest} ${isLucky(run.end) ? 'single ' : ''}${loss} was ${shown(run, best.loss)} at t = ${best.t}.`;
}

function stepsInWords(steps: number): string {
  return `${steps} ${steps === 1 ? 'step' : 'steps'}`;
}

function stalledHeadline(run: JudgedRun): string {
  const { end, isAtSaddle, isHeldByDecay } = run;
  const { loss, lower, above, decreased, decreases, decreasing, minimum } = termsOf(run);
  if (run.lacksTerm)
    return `Stalled: the ${loss} is ${shown(run, end.finalLoss)}, and its gradient lacks a term.`;
  if (run.isMismatched)
    return `Stalled: the ${loss} is ${shown(run, end.finalLoss)}, and the steps followed a wrong gradient.`;
  if (end.frozenAt !== null)
    return `Stalled: a moment of the optimizer overflowed at step ${end.frozenAt}, so no step follows the gradient.`;
  // A search from smaller parameters may end in another minimum, and the loss may still fall: neither shows a cause.
  if (end.saturation !== null)
    return `Stalled: the ${loss} is ${shown(run, end.finalLoss)}, and expressions in it are saturated.`;
  const isBeside = end.lowerElsewhere?.kind === 'beside-end';
  if (isBeside && !end.lowerElsewhere.isNear)
    return `Stalled: the ${loss} is ${shown(run, end.finalLoss)}, and parameters without a gradient never moved.`;
  if (isAtSaddle || isBeside)
    return `Stalled: the run ended at a stationary point that is no ${minimum}, with ${loss} ${shown(run, end.finalLoss)}.`;
  // Without the decay, the loss may have no minimum.
  if (isHeldByDecay)
    return `Stalled: the ${loss} is ${shown(run, end.finalLoss)}; without weight decay, a local search goes ${lower}.`;
  if (end.lowerElsewhere?.kind === 'beside-start')
    return `Stalled: the run started at a stationary point that is not a ${minimum}.`;
  if (end.lowerElsewhere?.kind === 'before-leap')
    return `Stalled: the gradient vanished after step ${end.lowerElsewhere.t}, and the ${loss} is ${shown(run, end.finalLoss)}.`;
  if (isLagging(run))
    return `Stalled: the parameters likely lag behind a moving ${minimum}, at ${lossWord(run)} ${shown(run, lossAtEnd(run))}.`;
  if (isHeldByBatchNoise(end) && !run.lacksTerm && end.lowerElsewhere === null)
    return `Stalled: mini-batch noise likely keeps the ${loss} at ${shown(run, end.finalLoss)}, ${above} its ${end.asymptote ? 'limit' : minimum}.`;
  if (!hasDecreased(end)) return `Stalled: the ${loss} has not ${decreased} since the start.`;
  if (end.surroundings === 'flat' || end.lowerElsewhere?.kind === 'beyond-flat')
    return `Stalled: the run ended in a flat region with ${loss} ${shown(run, end.finalLoss)}.`;
  if (isExhausted(end))
    return `Stalled: lr has decayed to almost 0 since step ${end.exhaustedSince}, at ${lossWord(run)} ${shown(run, end.finalLoss)}.`;
  if (isStill(end))
    return `Stalled: no parameter has changed since step ${end.stillSince}, at ${lossWord(run)} ${shown(run, end.finalLoss)}, which is not a ${minimum}.`;
  if (end.isMean)
    return `Stalled: the ${lossWord(run)} no longer clearly ${decreases}, at ${shown(run, end.finalLoss)}, and this is no ${minimum}.`;
  if (end.tail?.isFalling)
    return `Stalled: the ${lossWord(run)} hardly ${decreases} any more, at ${shown(run, end.finalLoss)}, which is not a ${minimum}.`;
  return `Stalled: the ${lossWord(run)} stopped ${decreasing} at ${shown(run, end.finalLoss)}, which is not a ${minimum}.`;
}

/** What a diverging loss became, or its gradient. */
function brokenInWords({ firstNonFinite }: RunEnd): string {
  if (firstNonFinite === null) return 'its numbers were not finite';
  return `it was ${Number.isNaN(firstNonFinite.loss) ? 'NaN' : 'infinite'} at step ${firstNonFinite.t}`;
}

/** Above this share of the loss per step, the decrease cannot go on at its rate. */
const fast = 0.5;

function fallingHeadline(run: JudgedRun): string {
  const { end } = run;
  const { decreased, decreases } = termsOf(run);
  // Means of noisy losses do not show the rate of the last step.
  if (end.isMean || end.isOfBatches || end.isDrawn)
    return (
      `Not finished: over the last ${stepsInWords(end.tail!.steps)}, the ${lossWord(run)} ${decreased} ` +
      `by about ${formatNumber(end.tail!.fallPerStep, end.isMean ? 1 : 2)} per step.`
    );
  return `Not finished: the ${lossWord(run)} still ${decreases}${rateInWords(run)}.`;
}

/** " by 0.0077 (0.05 %) per step": the percentage only where the loss is positive. */
function rateInWords({ end, direction = 1 }: JudgedRun): string {
  const { rate, fallPerStep, steps } = end.tail!;
  if (rate === null) return ', but at no steady rate';
  const [start, final] = [turned(end.startLoss, direction), turned(end.finalLoss, direction)];
  if (!(start > 0 && final > 0)) return ` by ${formatNumber(rate, 2)} per step`;
  if (direction === 1 && rate > fast * final)
    return ` by ${formatNumber(fallPerStep, 2)} per step, the average over the last ${stepsInWords(steps)}`;
  return ` by ${formatNumber(rate, 2)} (${formatNumber((100 * rate) / final, 2)} %) per step`;
}

function evidenceSentences(run: JudgedRun): string {
  if (run.lacksTerm)
    return `${decreaseSentence(run)} The gradient lacks a term of the ${termsOf(run).loss}, so a local search proves nothing.`;
  if (run.isMismatched && run.end.polished === null)
    return `${decreaseSentence(run)} The gradient is not that of the ${termsOf(run).loss}: where it is small, there need be no ${termsOf(run).minimum}.`;
  if (run.end.frozenAt !== null)
    return `The ${lossWord(run)} is ${shown(run, run.end.finalLoss)}. ${gradientSentence(run)}`;
  const elsewhere = elsewhereSentence(run);
  if (elsewhere && !hasDecreased(run.end))
    return `The ${lossWord(run)} has stayed at ${shown(run, run.end.finalLoss)}. ${elsewhere}`;
  return `${decreaseSentence(run)} ${elsewhere ?? polishSentence(run) ?? gradientSentence(run)}`;
}

/** Where a lower loss was found that a local search from the last point does not reach; null if there is none. */
function elsewhereSentence(run: JudgedRun): string | null {
  const { lowerElsewhere } = run.end;
  if (lowerElsewhere === null) return null;
  const reached = shown(run, lowerElsewhere.loss);
  switch (lowerElsewhere.kind) {
    case 'before-leap':
      return `A local search from the point before step ${lowerElsewhere.t} reaches ${reached}.`;
    case 'beside-start':
    case 'beside-end':
      return `A local search from a point at a distance of ${formatNumber(lowerElsewhere.distance, 2)} reaches ${reached}.`;
    case 'beyond-flat':
      return `At a distance of ${formatNumber(lowerElsewhere.distance, 2)} from the last point it is ${reached}.`;
  }
}

function decreaseSentence(run: JudgedRun): string {
  const { startLoss, leastLoss, finalLoss } = run.end;
  const { loss, lowest, decreased } = termsOf(run);
  if (run.end.isOfBatches)
    return `The mean batch ${loss} was ${shown(run, startLoss)} in the first steps. Over all samples, the ${loss} ended at ${shown(run, finalLoss)}.`;
  const [from, to, least] = [startLoss, finalLoss, leastLoss].map((loss) => shown(run, loss)) as [
    string,
    string,
    string,
  ];
  // Where both round to the same digits, only the difference says something.
  if (from === to && finalLoss < startLoss)
    return `The ${lossWord(run)} ${decreased} by ${formatNumber(startLoss - finalLoss, 2)} from ${from}.`;
  // A difference of rounding may change the last digit.
  const isAbove = finalLoss - leastLoss > nothing * decreaseOf(run.end);
  const value = run.end.isDrawn ? 'single draw' : 'value';
  const best = isAbove && least !== to ? `, with a ${lowest} ${value} of ${least}` : '';
  return `The ${lossWord(run)} went from ${from} to ${to}${best}.`;
}

function startSentence(run: JudgedRun): string {
  const { loss, lower, minimum } = termsOf(run);
  return `The run started at a ${minimum}: the ${loss} around the last point is nowhere ${lower}.`;
}

/** What a polish reaches from the last point; null without a polish. */
function polishSentence(run: JudgedRun): string | null {
  const { polished } = run.end;
  if (polished === null) return null;
  const { loss, lower, lowers } = termsOf(run);
  const { evaluations } = polished;
  const from = polished.isFromLowest ? `the point of the ${termsOf(run).lowest} ${loss}` : 'the last point';
  const draws = run.end.isDrawn ? ` of ${drawsInMean} draws` : '';
  const by = `A local search from ${from} (${evaluations} ${evaluations === 1 ? 'evaluation' : 'evaluations'}${draws})`;
  const left = leftOf(run.end);
  if (left === 0) return `${by} finds no ${lower} ${loss}.`;
  const lowered = shown(run, polished.loss);
  // Where both round to the same digits, only the difference says something.
  return lowered === shown(run, run.end.finalLoss)
    ? `${by} ${lowers} it by ${formatNumber(left, 2)}.`
    : `${by} ${lowers} it to ${lowered}.`;
}

function gradientSentence({ end, outcome: { final } }: JudgedRun): string {
  const { gradientShare, confirmedShare = gradientShare, meanGradientNorm } = end;
  // The gradient of a single step is that of its own loss function.
  if (meanGradientNorm !== null)
    return `The norm of the mean gradient of the last steps is ${formatNumber(meanGradientNorm)}, ${formatNumber(gradientShare)} of the largest gradient norm.`;
  if (final.gradNorm === 0) return 'The gradient is 0 at the last point.';
  return `The gradient norm is ${formatNumber(final.gradNorm)}, ${formatNumber(confirmedShare)} of its largest value${confirmedShare > gradientShare ? ' that the loss confirms' : ''}.`;
}

/**
 * (r + 1)/(n + 2), rounded, where r of n labelled runs with a verdict of this kind got the right one; `broken` is a fact.
 * `docs/diagnosis-quality.md` has the table.
 */
const certainties: { readonly [K in VerdictKind]: number } = {
  converged: 0.97,
  'still-improving': 0.97,
  stalled: 0.9,
  unstable: 0.85,
  diverged: 0.95,
  broken: 1,
  unbounded: 0.9,
};
/** At most, where no local search could be made from the last point. */
const withoutSearch = 0.7;
/** These follow from the losses of the run alone. */
const needsNoSearch: readonly VerdictKind[] = ['diverged', 'broken'];

/** At most, where the loss is flat all around: nothing says whether a lower loss lies elsewhere. */
const inFlatRegion = 0.8;
/** At most, where the run recovers from a rise, or its mean loss is known inexactly. */
const uncertain = 0.6;
/** The range of the mean losses at the end, relative to the decrease, from which the mean is inexact. */
const wide = 0.25;
/** A rise above the lowest loss by this share of the decrease shows that the run does not descend steadily. */
const risen = 0.05;

/** Calibrated on the labelled runs. */
function certaintyOf(kind: VerdictKind, run: JudgedRun): number {
  const { end } = run;
  const limits = [certainties[kind]];
  if (!end.polished && !needsNoSearch.includes(kind)) limits.push(withoutSearch);
  if (kind === 'converged') {
    if (isFlat(run)) limits.push(inFlatRegion);
    const tail = meanAtEnd(run);
    if (tail && tail.highest - tail.lowest > wide * decreaseOf(end)) limits.push(uncertain);
  }
  if (kind === 'still-improving' && end.finalLoss - end.leastLoss > risen * decreaseOf(end))
    limits.push(uncertain);
  if (kind === 'still-improving' && end.isUncompared) limits.push(uncertain);
  if (kind === 'diverged' && Number.isFinite(end.finalLoss) && hasFallenBack(end)) limits.push(inFlatRegion);
  return Math.min(...limits);
}
