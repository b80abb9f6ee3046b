import type { Tail } from '../ending/lossCourse';
import {
  decreaseOf,
  hasDecreased,
  isDrifting,
  isExhausted,
  isHeldByBatchNoise,
  isJittering,
  isNearMinimum,
  isOutrunningNoise,
  isStill,
  leftOf,
  levelOf,
  type RunEnd,
  riseOf,
} from '../ending/runEnd';
import type { VerdictKind } from './verdict';

/** What the findings of a run say about its end. */
export interface FoundAtEnd {
  readonly divergence: boolean;
  /** The loss or its gradient was not finite at a step. */
  readonly nonFinite: boolean;
  readonly unbounded: boolean;
  /** The run ended at a saddle point. */
  readonly saddle: boolean;
  /** The parameters oscillated until the end. */
  readonly oscillation: boolean;
  /** Saturated expressions kept the run from a lower loss. */
  readonly saturation: boolean;
  /** A parameter hardly moved, because its numbers are too large for the steps. */
  readonly heldByScale: boolean;
  /** Weight decay balances the gradient: the run minimised another function than the loss. */
  readonly heldByDecay: boolean;
  /** The loss stopped improving because eps, not the size of the gradient, limits the steps. */
  readonly epsStall: boolean;
  /** The gradient lacks a term of the loss. */
  readonly lacksTerm: boolean;
  /** Early stopping ended the run while the loss decreased. */
  readonly stoppedWhileImproving: boolean;
}

/** Up to this share of its decrease, the loss counts as equal to that of the minimum. */
const equal = 1e-6;
const equalWithNoise = 1e-3;
/** A minimum that is farther away than this share of the path has not been reached, however little the loss is above it. */
const there = 0.02;
/** The last of several hundred random means may be this many standard deviations above the lowest of them. */
const lucky = 6;
/** A final loss this share of the decrease above the lowest one shows that the run left its best point. */
const lost = 0.05;
/** A run counts as improving if a hundred times as many steps would gain this share of what is left, or R again. */
const horizon = 100;
const worthwhile = 0.01;

/**
 * The kind of the verdict. R is the decrease of the loss, G the decrease that is left (see `leftOf`; `levelOf` where converged is
 * decided):
 *
 *   broken, diverged, unbounded   by the findings and the reason of the stop
 *   stalled          the second moment of the optimizer overflowed, so that no update was made any more
 *   stalled          at a saddle point, or held by weight decay, eps, saturated expressions, or the scale of a parameter
 *   unstable, stalled  where the gradient lacks a term: the final loss is more than R/20 above the lowest one, or not
 *   unstable         the loss never decreased, and rose
 *   converged        each step has a loss function of its own, and the last point is a minimum of the last one
 *   still-improving  each step has a loss function of its own, and the run was too short for two means
 *   converged        the loss never decreased, is higher around the last point, and nowhere lower
 *   stalled          the loss never decreased
 *   unstable         the run ended above its start, by more than mini-batch noise explains, and as many steps again would not bring
 *                    it back
 *   still-improving  each step has a loss function of its own, and the mean gradient is not 0 (see `isDrifting`)
 *   stalled          the gradients of consecutive steps agree, but the loss does not decrease, and G > R/100: the parameters lag behind a
 *                    minimum that moves
 *   still-improving  momentum carried the run through a minimum, and it ended in one of its first three overshoots, each smaller than the
 *                    one before, with G > R/1000
 *   stalled          no parameter has changed over the last fifth of the run, and G > R/1000
 *   unstable         unless the loss oscillates with a decaying envelope: the final loss is more than R/20 above the lowest one, also after a polish, and does not decrease
 *                    any more, or another minimum is near
 *   stalled          the gradient vanished in one step, and a lower loss was found before that step or around the flat region
 *   converged        G ≤ 1e-6 R (with noise 1e-3 R, unless the loss falls clearly and gains G/10 over the last fifth of the run), and
 *                    without noise the minimum is within a fiftieth of the path, or at infinity
 *   still-improving  the loss oscillates with a decaying envelope; or it decreased in the last fifth of the run, by at least G/100; or a hundred times as many steps would
 *                    gain G/100, or R, if the decrease continues to slow down as it does
 *   stalled          1e-5 R < G ≤ 1e-3 R, but lr decayed to nothing long before the end, and the minimum is out of reach (see `isExhausted`)
 *   converged        G ≤ 1e-3 R (with noise 1e-2 R); without noise or jitter, not if the minimum is farther away than a twentieth of the
 *                    path and G, which is no burst above the lowest loss, is above a thousandth of the decrease in the second half of the
 *                    run
 *   stalled          mini-batch noise keeps the run away from a minimum within reach of its steps, and the parameters did not oscillate
 *   unstable         the parameters oscillated until the end, the run jitters around a minimum (see `isJittering`), or the lowest loss
 *                    was nearer to the minimum than to the final loss
 *   still-improving  early stopping ended the run while the loss decreased
 *   stalled          otherwise
 */
export function kindOf(end: RunEnd, found: FoundAtEnd): VerdictKind {
  const { stopped, startLoss, leastLoss, finalLoss, tail, isNoisy } = end;
  if (found.divergence) return 'diverged';
  if (found.unbounded && end.beyond?.overflow) return 'unbounded';
  const isBroken = stopped === 'error' || stopped === 'nonFinite' || !Number.isFinite(finalLoss);
  if (isBroken || found.nonFinite) return 'broken';
  if (found.unbounded) return 'unbounded';
  if (end.frozenAt !== null) return 'stalled';
  const isHeld = found.heldByDecay || found.epsStall || found.saturation || found.heldByScale;
  if (found.saddle || isHeld) return 'stalled';
  const decrease = decreaseOf(end);
  const left = leftOf(end);
  if (found.lacksTerm) return finalLoss - leastLoss > lost * decrease ? 'unstable' : 'stalled';
  if (end.isAtMinimumOfStep) return 'converged';
  if (end.isUncompared) return 'still-improving';
  if (!hasDecreased(end)) {
    if (finalLoss - startLoss > decrease) return 'unstable';
    return end.surroundings === 'higher' && !end.lowerElsewhere ? 'converged' : 'stalled';
  }
  if (hasRisenForGood(end)) return 'unstable';
  if (isDrifting(end)) return 'still-improving';
  if (isLagging(end) && !found.oscillation) return 'stalled';
  // How high the loss is in one of the first overshoots says nothing about the stability of the run.
  if (end.overshoot && !isNearMinimum(end) && !found.oscillation && !end.lowerElsewhere)
    return 'still-improving';
  const luck = (end.isMean || end.isOfBatches || end.isDrawn) && tail ? lucky * tail.spread : 0;
  // With noise, the lowest loss may be a lucky one: a polish shows whether the last point is worse.
  const reached = Math.min(finalLoss, end.polished?.loss ?? finalLoss);
  if (isStill(end) && !isNearMinimum(end)) return 'stalled';
  const isLost = reached - leastLoss > lost * decrease + luck;
  // A run that still falls may come back to its lowest loss, but not where another minimum is near.
  if (isLost && !end.oscillation && (!tail?.isFalling || isNearMinimum(end))) return 'unstable';
  if (end.lowerElsewhere) return 'stalled';
  // No step comes nearer to a limit at infinity.
  const isThere =
    isNoisy || end.polished === null || end.asymptote !== null || end.polished.distance <= there;
  const isLevel = levelOf(end) <= (isNoisy ? equalWithNoise : equal) * decrease;
  if (isThere && isLevel && !isOutrunningNoise(end)) return 'converged';
  if (isStillFalling(end, left)) return 'still-improving';
  // Its steps are too long or too noisy to come nearer.
  if (isNearMinimum(end)) return isExhausted(end) ? 'stalled' : 'converged';
  if (!found.oscillation && isHeldByBatchNoise(end)) return 'stalled';
  if (found.oscillation || isJittering(end) || finalLoss - leastLoss > left / 2 + luck) return 'unstable';
  return found.stoppedWhileImproving ? 'still-improving' : 'stalled';
}

/** Whether the run ended above its start, and as many steps again would not bring it back. */
function hasRisenForGood(end: RunEnd): boolean {
  const { tail, steps } = end;
  const rise = riseOf(end);
  return rise > 0 && !end.oscillation && tail !== null && forecast(tail, steps) < rise;
}

/** Whether the run follows a moving minimum at a distance that matters. */
function isLagging(end: RunEnd): boolean {
  return end.lag !== null && end.tail !== null && !end.tail.isFalling && !isNearMinimum(end);
}

function isStillFalling(end: RunEnd, left: number): boolean {
  const { tail, steps } = end;
  if (end.oscillation) return true;
  if (tail === null) return end.isLowest;
  if (!tail.isFalling) return false;
  // A schedule may have slowed the run down: then the forecast says nothing about a longer one.
  const hasGained = tail.fallPerStep * tail.steps >= worthwhile * left;
  return hasGained || forecast(tail, horizon * steps) >= Math.min(worthwhile * left, decreaseOf(end));
}

/**
 * The decrease in the next steps. The ratio of the decreases of two spans continues: a geometric series, or the current
 * rate if the decrease does not slow down.
 */
function forecast({ fallPerStep, ratio, steps: tailSteps }: Tail, steps: number): number {
  const atThisRate = fallPerStep * steps;
  if (ratio >= 1) return atThisRate;
  // The spans of the ratio are a third of the tail apart.
  const span = (fallPerStep * tailSteps) / 3;
  return Math.min(atThisRate, (span * ratio) / (1 - ratio));
}
