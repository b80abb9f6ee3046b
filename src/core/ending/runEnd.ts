import type { StopReason } from '../stopping';
import type { DecayingOscillation } from './decayingOscillation';
import type { Drift } from './gradientDrift';
import type { HeldBySaturation, LowerElsewhere, OddScale } from './heldBack';
import type { Beyond } from './lookBeyond';
import type { Tail } from './lossCourse';
import type { Overshoot } from './overshoots';
import type { Surroundings } from './surroundings';

/** The gradients of the last steps, where those of consecutive steps agree: the parameters lag behind a minimum that moves. */
export interface Lag {
  /** The mean correlation of the gradients of consecutive steps. */
  readonly correlation: number;
  /** Their root mean square norm, relative to the largest gradient norm of the run. */
  readonly share: number;
}

/** A loss that falls towards a limit while parameters grow without bound. */
export interface Asymptote {
  /** The limit of the loss. */
  readonly loss: number;
  /** The direction of the growth, of length 1, shape [dim]. */
  readonly direction: Float64Array;
  /** The farthest point where the loss was evaluated, relative to the distance between the first and the last point of the run. */
  readonly distance: number;
}

export interface PolishedEnd {
  readonly loss: number;
  readonly evaluations: number;
  /** How far the polish went, relative to the distance between the first and the last point of the run. */
  readonly distance: number;
  /** The same distance relative to the longest of the last steps of the run, both as the largest change of a coordinate. */
  readonly stepsAway: number;
  /** The gradient norm where it ended, relative to the largest one of the run: not small at a kink. */
  readonly gradientShare: number;
  /** Whether it started at the point of the lowest loss, because the parameters have shrunk to nearly 0 since. Absent: no. */
  readonly isFromLowest?: boolean;
}

/** The evidence at the end of a run. All losses are of one loss function. */
export interface RunEnd {
  readonly stopped: StopReason;
  readonly steps: number;
  /** The first finite loss; NaN if there is none. */
  readonly startLoss: number;
  /** The lowest finite loss, or the last one if that is −∞; infinite if there is none. */
  readonly leastLoss: number;
  readonly finalLoss: number;
  /** The first loss of a step that is not finite, and the step; null if those of all steps are finite. */
  readonly firstNonFinite: { readonly t: number; readonly loss: number } | null;
  /** The decrease from the middle of the run to the lowest loss after it; NaN if the run was too short. */
  readonly lateDecrease: number;
  /** The highest finite loss of a single step, and the step. */
  readonly peak: { readonly loss: number; readonly t: number };
  /** Whether the losses are means over some steps, because the loss function differs from step to step. */
  readonly isMean: boolean;
  /** Whether no two losses can be compared: each step has a loss function of its own, and the run was too short for two means. */
  readonly isUncompared: boolean;
  /** Whether the last loss is lower than all before it. */
  readonly isLowest: boolean;
  /** The gradient norm at the end relative to the largest one of the run; of the mean gradient, where there is one. */
  readonly gradientShare: number;
  /** The same relative to the largest one without bursts that the loss does not confirm (`LargestGradient`). Absent: there were none. */
  readonly confirmedShare?: number;
  /** Where each step has a loss function of its own: the norm of the mean gradient of the last steps. null otherwise. */
  readonly meanGradientNorm: number | null;
  /** What a polish from the last point reaches; null if there was none. */
  readonly polished: PolishedEnd | null;
  /** The loss around the last point, where the gradient vanished in one step or the loss has not decreased; otherwise null. */
  readonly surroundings: Surroundings | null;
  /** A lower loss near a flat region, a stationary start, or before a leap; null if none was found or looked for. */
  readonly lowerElsewhere: LowerElsewhere | null;
  /**
   * Where each step has a loss function of its own: whether the last point is a minimum of the last one, as far as a local
   * search can tell.
   */
  readonly isAtMinimumOfStep: boolean;
  /** null where not each step has a loss function of its own, where gradients do not agree, or the run was too short to tell. */
  readonly lag: Lag | null;
  /** The mean gradient, where each step has a loss function of its own and chance does not explain it; otherwise null. */
  readonly drift: Drift | null;
  /** The loss far beyond the last point, if it decreases all the way there; otherwise null. */
  readonly beyond: Beyond | null;
  /** The limit of the loss at infinity, if it falls towards one from the last point; otherwise null. */
  readonly asymptote: Asymptote | null;
  /** The saturated expressions that kept the run from a lower loss; null if there are none, or they are not known. */
  readonly saturation: HeldBySaturation | null;
  /** A parameter whose magnitude the steps of the run did not fit; null if there is none. */
  readonly oddScale: OddScale | null;
  /** Where in an overshoot of its momentum through a minimum the run ended; null if it did not, or its overshoots do not become smaller. */
  readonly overshoot: Overshoot | null;
  /** The loss oscillated with a decaying envelope until the end; null if it did not, or that is not known. */
  readonly oscillation: DecayingOscillation | null;
  /** null if the run was too short for a trend. */
  readonly tail: Tail | null;
  /** Whether the loss function differs from step to step: mini-batches, or its second argument. */
  readonly isNoisy: boolean;
  /** Whether the loss over all samples depends on the step, too: it draws random numbers. The polish is over several draws. */
  readonly isDrawn: boolean;
  /** The last step that changed a parameter, if steps without a change followed it; otherwise null. */
  readonly stillSince: number | null;
  /** The first step from which on every update was 0 because a moment of the optimizer had overflowed; null if there is none. */
  readonly frozenAt: number | null;
  /** The step since which lr is below a hundredth of its largest value, with at least 40 % of the steps to come (`LrDecay`). Absent: it is not. */
  readonly exhaustedSince?: number;
  /**
   * Whether the start, the lowest loss and the tail are means of mini-batch losses, because the loss over all samples is known at
   * the end only: with a validation loss. The final loss and the polish are over all samples.
   */
  readonly isOfBatches: boolean;
}

/** R, the decrease of the loss from the start to its lowest value; at least what rounding can cause. */
export function decreaseOf({ startLoss, leastLoss, finalLoss }: RunEnd): number {
  const rounding = 64 * Number.EPSILON * Math.max(Math.abs(startLoss), Math.abs(finalLoss));
  return Math.max(startLoss - leastLoss, rounding, Number.MIN_VALUE);
}

/** Whether the loss was ever lower than at the start, by more than rounding. */
export function hasDecreased(end: RunEnd): boolean {
  return end.startLoss - end.leastLoss >= decreaseOf(end);
}

/**
 * G, the decrease of the loss that is left. Without a polish it is estimated from the gradient: on a quadratic,
 * the loss above the minimum is proportional to ‖g‖². The mean gradient of a run that lags behind a minimum may be 0, although
 * it is at the minimum at no step: its single gradients count.
 */
export function leftOf(end: RunEnd): number {
  if (end.polished === null)
    return decreaseOf(end) * Math.max(end.confirmedShare ?? end.gradientShare, end.lag?.share ?? 0) ** 2;
  return Math.max(0, end.finalLoss - Math.min(end.polished.loss, end.asymptote?.loss ?? end.polished.loss));
}

/** No parameter has changed over the end of a run of this share. */
const stillShare = 0.2;

/** Whether the run stood still over its last fifth: its steps are smaller than what the numbers can show, or there is none. */
export function isStill({ stillSince, steps }: RunEnd): boolean {
  return stillSince !== null && stillSince <= (1 - stillShare) * steps;
}

/** A minimum at most this many steps away is within reach of them. */
const withinReach = 10;
/** A last loss more than this many times as far above the minimum as the mean of the last losses belongs to a burst, not to a jitter. */
const usual = 10;

/**
 * Whether the run jitters around a minimum: its loss does not fall, and the minimum is so near that its steps, not
 * their number, keep it away. A constant learning rate does this at a kink, and at the limit of stability.
 */
export function isJittering({ polished, tail, finalLoss, isLowest }: RunEnd): boolean {
  if (polished === null || tail?.isFalling) return false;
  // In a run of a few steps, the last one must have passed the minimum.
  if (tail === null) return !isLowest && polished.stepsAway <= 1;
  const isUsual = finalLoss - polished.loss <= usual * (tail.mean - polished.loss);
  return isUsual && polished.stepsAway <= withinReach;
}

/** A mean of noisy losses may be this many of its standard errors too high. */
const errors = 3;

/**
 * The decrease that is left on average over the end of the run. A run that jitters is at its minimum at some steps and
 * away from it at others: which of them is the last one says nothing. A mean of mini-batch losses proves a level above the
 * minimum only beyond its standard error.
 */
export function levelOf(end: RunEnd): number {
  if (!isJittering(end) || end.tail === null) return leftOf(end);
  const { mean, standardError } = end.tail;
  const { loss } = end.polished!;
  return end.isOfBatches
    ? Math.max(leftOf(end), mean - errors * standardError - loss)
    : Math.max(0, mean - loss);
}

/** Whether the gradients are those of mini-batches, while the loss over all samples is known at the end. */
export function hasBatchNoise({ isNoisy, isMean }: RunEnd): boolean {
  return isNoisy && !isMean;
}

/**
 * Whether mini-batch noise, not too long a step, keeps the run away from a minimum within its reach: gradient noise scatters the
 * parameters around a minimum at every learning rate. Either they jitter there, or an earlier epoch ended much nearer to it: the scatter
 * reached it. A rise by half of R is more than that.
 */
export function isHeldByBatchNoise(end: RunEnd): boolean {
  return hasBatchNoise(end) && (isJittering(end) || isWithinScatter(end));
}

const much = 0.5;

function isWithinScatter(end: RunEnd): boolean {
  const { polished, tail, leastLoss, finalLoss, isOfBatches } = end;
  // Means of batch losses, and the loss over all samples, are not comparable here.
  if (polished === null || isOfBatches || tail?.isFalling) return false;
  const wasNear = leastLoss - polished.loss <= much * leftOf(end);
  return wasNear && finalLoss - leastLoss <= much * decreaseOf(end);
}

/** A fall of this share of what is left, over the last fifth of a run, leads on: noise does not hold the run. */
const leads = 0.1;
/** What is left matters above this share of the decrease. */
const matters = 1e-6;

/**
 * Whether the loss of a run with noise falls clearly, and by much against what a local search finds left: then noise keeps it from
 * nothing, however little that is. Batches of separable samples agree, so the loss over all of them falls for ever. The rate at the end
 * counts, too: a schedule may have ended the fall.
 */
export function isOutrunningNoise(end: RunEnd): boolean {
  const { tail, isNoisy, polished } = end;
  if (!isNoisy || polished === null || !tail?.isFalling) return false;
  const left = leftOf(end);
  const fall = Math.min(tail.fallPerStep, tail.fallAtEnd) * tail.steps;
  return left > matters * decreaseOf(end) && fall >= leads * left;
}

/** A mean this many standard errors above the start is not there by chance. */
const clearly = 2;

/**
 * How far the loss ended above its start; 0 or less if it did not. Mini-batch noise puts the last loss above the start by chance:
 * then the mean over the end of the run counts, if it is clearly above the start.
 */
export function riseOf(end: RunEnd): number {
  const { startLoss, finalLoss, tail } = end;
  if (!isHeldByBatchNoise(end) || tail === null) return finalLoss - startLoss;
  const rise = tail.mean - startLoss;
  return rise > clearly * tail.standardError ? rise : 0;
}

/** Up to this share of its decrease, what is left does not matter if the loss no longer decreases. */
export const near = 1e-3;
const nearWithNoise = 1e-2;

/** A minimum that is farther away than this share of the path has not been reached, however little the loss is above it. */
const farAlong = 0.05;

/**
 * Whether the minimum is far away, and the loss above it is much against the decrease in the second half of the run. Where the
 * first steps removed an enormous term, R says nothing about what is left.
 */
function isFarAlong(end: RunEnd): boolean {
  const { polished, lateDecrease, isNoisy, leastLoss, finalLoss } = end;
  if (polished === null || isNoisy || isJittering(end) || !(polished.distance > farAlong)) return false;
  // What a burst added to the lowest loss is not left because the way is long.
  if (finalLoss - leastLoss > leftOf(end) / 2) return false;
  // Of the losses at the end: an enormous loss at the start says nothing about their rounding.
  const rounding = decreaseOf({ ...end, startLoss: finalLoss, leastLoss: finalLoss });
  return leftOf(end) > near * Math.max(lateDecrease, rounding);
}

/**
 * Whether so little is left that a run whose loss no longer decreases has converged: G ≤ R/1000, with noise R/100, where
 * G is the mean over the end of a run that jitters. Not if the minimum is far away, and what is left is much of the late decrease.
 */
export function isNearMinimum(end: RunEnd): boolean {
  return !isFarAlong(end) && levelOf(end) <= negligibleOf(end);
}

/** The largest decrease that may be left of a run that has converged. */
export function negligibleOf(end: RunEnd): number {
  return (end.isNoisy ? nearWithNoise : near) * decreaseOf(end);
}

/** A run without noise that leaves more than this share of its decrease could have gone on with longer steps. */
const rest = 1e-5;

/** Whether a longer decay of the learning rate could have gained something that can be told from the noise. */
export function isWorthMoreSteps(end: RunEnd): boolean {
  return levelOf(end) > (end.isNoisy ? near : rest) * decreaseOf(end);
}

/**
 * Whether the run stopped because the learning rate had decayed to nothing long before its end: the minimum is out of reach of its
 * last steps, and a local search gains something. Then a loss that no longer decreases shows no minimum. With noise, short steps are
 * what averages it out.
 */
export function isExhausted(end: RunEnd): boolean {
  const { exhaustedSince, polished, isNoisy } = end;
  if (exhaustedSince === undefined || isNoisy || !isWorthMoreSteps(end)) return false;
  return polished === null || polished.stepsAway > withinReach;
}

/** At a smooth minimum, a local search leaves a smaller share of the largest gradient. */
const slope = 0.01;

/** Whether the run ended at, or jitters around, a minimum with a kink, as of abs, max or a quantile loss: the slope jumps there. */
export function isAtKink(end: RunEnd): boolean {
  const isThere = isNearMinimum(end) || isJittering(end);
  return isThere && end.polished !== null && end.polished.gradientShare > slope;
}

/** A run that leaves at least this share of its decrease to a polish is far from the minimum. */
const far = 0.05;

/** Whether the run ended far from the minimum below its last point: G ≥ R/20. Only a polish can show that. */
export function isFarFromMinimum(end: RunEnd): boolean {
  return end.polished !== null && leftOf(end) >= far * decreaseOf(end);
}

/**
 * Whether the lowest loss is as far from that minimum. Not known with a validation loss, where only mini-batch losses are compared: then
 * what counts is the last point.
 */
export function isLeastFarFromMinimum(end: RunEnd): boolean {
  const { polished, leastLoss, isOfBatches } = end;
  if (isOfBatches) return isFarFromMinimum(end);
  return polished !== null && leastLoss - polished.loss >= far * decreaseOf(end);
}

/** A measured decrease may be this many of its standard errors too small. */
const contradicted = 3;
/** A decrease of this share of R, as far as the run goes in a window, does not matter. */
const unimportant = 1e-6;

/**
 * Whether the parameters are still on their way, although the noise of the losses hides it: the mean gradient is not 0, the decrease is
 * positive, and the mean losses do not contradict it.
 */
export function isDrifting(end: RunEnd): boolean {
  const { drift, tail, isMean } = end;
  if (drift === null || tail === null || !isMean) return false;
  const isAgreed = drift.fallPerStep <= tail.fallPerStep + contradicted * tail.fallError;
  return isAgreed && drift.fallPerStep * drift.steps > unimportant * decreaseOf(end);
}
