import type { Finding } from '../diagnosis/finding';
import { type Aim, aims, sizeOf } from './aims';
import { isEqualLoss } from './equalLoss';
import { aimOf, type FixTarget, isError, isRemoved, largest } from './fixTarget';
import type { Trial } from './watcher';

/** A candidate and the baseline run that it is compared with. */
export interface Comparison {
  /** The finding or verdict of the baseline run. */
  readonly target: FixTarget;
  readonly baseline: Trial;
  readonly trial: Trial;
  /** L0: the loss at the start, of the program of the trial; the watched loss if the run has one. */
  readonly startLoss: number;
  /** The trial as the loss itself measures it, if it ran a function near it. */
  readonly measured?: Trial | null;
  /** Whether the trial's result depends on the constant of a guard. */
  readonly isGuarded?: boolean;
}

/**
 * A finding that shrank to this share counts as removed; a fix must gain this share of the best fix's gain.
 */
const tenth = 0.1;

/**
 * Whether a candidate measurably helps against a finding. Symbols: L0 is the loss at the start; `level` is
 * the median loss at the end of a run and `best` its lowest loss (see `Trial`); fl = 64 ε max(abs(loss)) over
 * the compared losses (for `calm` including L0); `spread` is the interquartile range of the losses at the end
 * of the baseline run; margin = max(spread/2, fl). The condition depends on the aim of the diagnosis code:
 *
 *   survive   no error, and level < L0 − fl
 *   calm      the finding is absent or at most a tenth as large, and level ≤ level of the baseline run + margin
 *   lower     level < level of the baseline run − margin, and best < best of the baseline run − fl;
 *             or level < the lowest tenth of the baseline run's last losses − fl
 *
 * In addition, the candidate must reach its last step and must not bring new harm. A level that is NaN meets
 * none of the conditions. All conditions compare differences of losses, so they do not depend on an offset or
 * the scale of the loss.
 *
 * Why spread/2: half the interquartile range is three times the difference of two medians of 64 noisy losses,
 * half the amplitude of an oscillating loss, and a quarter of the improvement of a slow run in its last
 * tenth. An oscillating loss may have a spread above its median, so that no level is lower by the margin. Then the level is
 * compared with the lowest tenth of the losses. A share of R = L0 − best would be wrong: for a run that went from 24 to 1e-4, going on to 1e-9 may
 * be worthwhile, and a final loss of 1e-3 is not acceptable in exchange for a calm path.
 */
export function helps(comparison: Comparison): boolean {
  return refusalOf(comparison) === null;
}

/** Why a candidate does not help. */
export type FixRefusal =
  /** the run did not reach its last step */
  | 'ends-early'
  /** it has a new finding, or one that is worse than in the baseline run */
  | 'harms'
  /** it still has a finding of severity error */
  | 'errs'
  /** its final loss is a product of the guard */
  | 'guarded'
  /** where it ends, the loss itself is not lower than now */
  | 'differs'
  /** the finding remains */
  | 'stays'
  /** its final loss is not lower than the loss at the start */
  | 'gains-nothing'
  /** its final loss is not lower than that of the baseline run */
  | 'not-lower'
  /** its final loss is higher than that of the baseline run */
  | 'higher';

/** Why a candidate does not help against a finding, see `helps`; null if it helps. */
export function refusalOf(comparison: Comparison): FixRefusal | null {
  const { target, trial } = comparison;
  if (!hasEnded(trial)) return 'ends-early';
  if (comparison.isGuarded) return 'guarded';
  if (bringsHarm(comparison)) return 'harms';
  const refusal = misses[aimOf(target)](comparison);
  if (refusal !== null || !comparison.measured) return refusal;
  return misses[aimOf(target)]({ ...comparison, trial: comparison.measured }) && 'differs';
}

const misses: { readonly [A in Aim]: (comparison: Comparison) => FixRefusal | null } = {
  survive: ({ trial, startLoss }) => {
    if (trial.findings.some(({ severity }) => severity === 'error')) return 'errs';
    return trial.level < startLoss - floor(startLoss, trial.level) ? null : 'gains-nothing';
  },
  calm: (comparison) => {
    const { target, trial } = comparison;
    return isRemoved(target, trial, tenth) ? higher(comparison) : 'stays';
  },
  lower: (comparison) => (isLower(comparison) ? null : 'not-lower'),
};

function isLower({ baseline, trial }: Comparison): boolean {
  const rounding = floor(baseline.level, trial.level);
  const margin = Math.max(baseline.spread / 2, rounding);
  if (trial.level < baseline.low - rounding) return true;
  return (
    trial.level < baseline.level - margin && trial.outcome.best.loss < baseline.outcome.best.loss - rounding
  );
}

/** A further decrease of this share of the decrease from the start is worth an uneven path. */
const worthwhile = 0.01;

/** Whether a run ends well, and converges where the baseline run does not, or ends lower by 1 % of its decrease. */
function isFarLower({ baseline, trial, startLoss }: Comparison): boolean {
  const { kind } = trial.verdict;
  if (kind === 'unstable' || kind === 'diverged' || kind === 'broken') return false;
  if (kind === 'converged' && baseline.verdict.kind !== 'converged') return true;
  return baseline.level - trial.level >= worthwhile * Math.abs(startLoss - baseline.level);
}

function higher(comparison: Comparison): FixRefusal | null {
  return isNotHigher(comparison) ? null : 'higher';
}

/**
 * The improvement that a fix brings: the difference between the loss at the start, or the lowest loss of the
 * baseline run, and the lowest loss with the fix; or between the losses at the ends, if it is larger: a run may lose what it had
 * reached. It separates fixes with a negligible effect from the
 * others.
 */
export function gain({ target, baseline, trial, startLoss }: Comparison): number {
  const { best } = trial.outcome;
  if (aimOf(target) === 'survive') return startLoss - best.loss;
  const ofBest = baseline.outcome.best.loss - best.loss;
  const ofLevel = baseline.low - trial.level;
  return ofLevel > ofBest ? ofLevel : ofBest;
}

/**
 * The best `count` of the fixes that help, best first, without those whose gain is negligible. Fixes without remaining
 * warnings come first (for a verdict, only the loss counts), then those with the lower lowest loss; among equal ones the
 * smallest change. The one with the lowest loss and the smallest change are never left out.
 *
 * @param sizeOfChange  the size of the change that a fix makes; its integer part is the number of settings
 */
export function ranked<C extends { readonly comparison: Comparison }>(
  helping: readonly C[],
  count: number,
  sizeOfChange: (each: C) => number = () => 0,
): C[] {
  const most = Math.max(...helping.map(({ comparison }) => gain(comparison)));
  const isWorthIt = ({ comparison }: C) => {
    const aim = aimOf(comparison.target);
    return (aim !== 'survive' && aim !== 'lower') || gain(comparison) >= tenth * most;
  };
  const alarms = ({ comparison: { target, trial } }: C) =>
    target.kind === 'finding' && trial.findings.some(isAlarm) ? 1 : 0;
  const left = helping.filter(isWorthIt).sort((a, b) => alarms(a) - alarms(b) || bestOf(a) - bestOf(b));
  const [lowest] = left.toSorted((a, b) => bestOf(a) - bestOf(b));
  const inOrder: C[] = [];
  while (left.length > 0) {
    const [first] = left as [C];
    const equal = left.filter((each) => alarms(each) === alarms(first) && isEqual(first, each));
    const simplest = equal.reduce((a, b) => (sizeOfChange(b) < sizeOfChange(a) ? b : a));
    inOrder.push(simplest);
    left.splice(left.indexOf(simplest), 1);
  }
  // The one that reaches the lowest loss and the one that changes least are always offered.
  const [first] = inOrder;
  if (!lowest || !first) return [];
  // Of those that change equally many settings, the best one.
  const settings = (each: C) => Math.floor(sizeOfChange(each));
  const easiest = inOrder.reduce((a, b) => (settings(b) < settings(a) ? b : a), first);
  const always = new Set([lowest, easiest]);
  const others = inOrder.filter((each) => !always.has(each)).slice(0, count - always.size);
  return inOrder.filter((each) => always.has(each) || others.includes(each));
}

function bestOf({ comparison: { trial } }: { readonly comparison: Comparison }): number {
  return trial.outcome.best.loss;
}

function isEqual<C extends { readonly comparison: Comparison }>(low: C, high: C): boolean {
  return isEqualLoss(bestOf(low), bestOf(high), low.comparison.startLoss);
}

function hasEnded({ outcome }: Trial): boolean {
  return outcome.stopped !== 'error' && outcome.stopped !== 'nonFinite';
}

/**
 * New harm: an error with a code that the baseline run does not have. Where the finding itself is a warning,
 * also a warning that is new or larger, except one that only describes the level of the loss in a run that
 * ends lower. Against a verdict, which concerns only the end of the run, a warning about the path is accepted for a
 * level that is far lower.
 */
function bringsHarm(comparison: Comparison): boolean {
  const { target, baseline, trial } = comparison;
  const standsLower = isLower(comparison);
  return trial.findings.some((found) => {
    if (found.severity === 'info') return false;
    const before = largest(baseline, found.code);
    if (found.severity === 'error') return before?.severity !== 'error';
    if (isError(target) || (standsLower && aims[found.code].aim === 'lower')) return false;
    if (target.kind === 'verdict' && standsLower && isFarLower(comparison)) return false;
    return !before || before.severity === 'info' || sizeOf(found) > sizeOf(before);
  });
}

/** A run whose final loss is not finite counts as higher than every run with a finite final loss. */
function isNotHigher(comparison: Comparison): boolean {
  const { baseline, trial, startLoss } = comparison;
  if (Number.isNaN(baseline.level)) return trial.level < startLoss;
  return (
    trial.level <=
    baseline.level + Math.max(baseline.spread / 2, floor(startLoss, baseline.level, trial.level))
  );
}

/** fl, the change of a loss that rounding alone can cause. */
function floor(...losses: readonly number[]): number {
  return 64 * Number.EPSILON * Math.max(...losses.map(Math.abs));
}

function isAlarm({ severity }: Finding): boolean {
  return severity !== 'info';
}
