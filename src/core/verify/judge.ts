import { hasMiniBatches } from '../batches';
import type { Finding } from '../diagnosis/finding';
import type { VerdictKind } from '../verdict/verdict';
import { type Aim, aimOfCode, sizeOf } from './aims';
import { decreasesFrom, isEqualLoss } from './equalLoss';
import { isExpectedLower } from './expectedEnd';
import { aimOf, type FixTarget, isError, isRemoved, largest } from './fixTarget';
import { hasLeapt } from './hasLeapt';
import { finalLossOf, type Trial } from './watcher';

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
  /** Whether the trial's edit changes the problem. */
  readonly isOtherProblem?: boolean;
  /** Whether the trial reaches its loss only with its exact learning rate; see `examineFirst`. */
  readonly isIsolated?: boolean;
}

/**
 * A finding that shrank to this share counts as removed; a fix must gain this share of the best fix's gain.
 */
const tenth = 0.1;

/**
 * Whether a candidate measurably helps against a finding. Symbols: L0 is the loss at the start; `level` is
 * the median loss at the end of a run and `best` its lowest loss (see `Trial`); fl = 64 ε max(abs(loss)) over
 * the compared losses, and L0 where the baseline run has converged; `spread` is the interquartile range of the losses at the end
 * of the baseline run; margin = max(spread/2, fl). The condition depends on the aim of the diagnosis code:
 *
 *   survive   no error, and level < L0 − fl
 *   calm      the finding is absent or at most a tenth as large, and level ≤ level of the baseline run + margin; and the
 *             end is lower (see below), or the verdict is better or the candidate converges, and the final
 *             loss or the level is lower by more than fl
 *   lower     level < level of the baseline run − margin, and best < best of the baseline run − fl;
 *             or level < the lowest tenth of the baseline run's last losses − fl;
 *             in both cases, final loss < final loss of the baseline run − fl.
 *             For a finding of a run whose final loss is not finite: as survive.
 *             Where the loss differs from step to step: the expected loss is lower beyond its noise (`isExpectedLower`)
 *
 * In addition, the candidate must reach its last step, must not bring new harm, must end below L0, and its own verdict must not be
 * unstable, diverged or broken. It may be unstable if the baseline run broke, or if that diverged on mini-batches, where noise alone
 * keeps a run from settling. Its loss must not rise above L0 by more than a hundred times the decrease to its end: such a run leaps
 * away, and where it comes down is luck. Early stopping must not end it before the lowest loss of the baseline run. A level that is NaN meets
 * none of the conditions. All conditions compare differences of losses, so they do not depend on an offset or the scale of the loss.
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

/** The trial of a candidate, with the losses of the user's own function: a fix must not promise those of a function near it. */
export function asMeasured({ trial, measured }: Comparison): Trial {
  return measured ?? trial;
}

/** Why a candidate does not help. */
export type FixRefusal =
  /** the run did not reach its last step */
  | 'ends-early'
  /** it ends unstable, diverged or broken */
  | 'ends-badly'
  /** its loss rises far above the start before it falls */
  | 'leaps'
  /** early stopping ends it before the lowest loss that the baseline run reaches */
  | 'stops-before'
  /** it has a new finding, or one that is worse than in the baseline run */
  | 'harms'
  /** it still has a finding of severity error */
  | 'errs'
  /** its final loss is a product of the guard */
  | 'guarded'
  /** its edit changes the problem, not only the units of its parameters */
  | 'other-problem'
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
  if (target.kind === 'verdict' && keepsWrongGradient(comparison)) return 'errs';
  if (comparison.isOtherProblem) return 'other-problem';
  if (bringsHarm(comparison)) return 'harms';
  const refusal = misses[aimOf(target)](comparison) ?? badEnd(comparison);
  if (refusal !== null || !comparison.measured) return refusal;
  return misses[aimOf(target)]({ ...comparison, trial: comparison.measured }) && 'differs';
}

/** Where a wrong gradient leads a run is luck, also with other options. It may even have a state. */
function keepsWrongGradient({ baseline, trial }: Comparison): boolean {
  const isWrong = baseline.findings.some(
    ({ code, severity }) => code === 'gradient-mismatch' && severity === 'error',
  );
  return isWrong && trial.config.gradientMode === baseline.config.gradientMode;
}

/** The refusal of an end that no aim accepts; null if there is none. */
function badEnd({ baseline, trial, startLoss }: Comparison): FixRefusal | null {
  if (trial.level >= startLoss - floor(startLoss, trial.level)) return 'gains-nothing';
  // The lower loss is that of another start, not the result of any step.
  if (hasOwnStart({ baseline, trial }) && trial.outcome.best.t === 0) return 'gains-nothing';
  if (hasLeapt(startLoss, trial.highest, trial.level)) return 'leaps';
  const { kind } = baseline.verdict;
  const wasLost = kind === 'broken' || (kind === 'diverged' && hasMiniBatches(trial.config));
  const isRescued = wasLost && trial.verdict.kind === 'unstable';
  if (badEnds.has(trial.verdict.kind) && !isRescued) return 'ends-badly';
  const { best, stopped } = trial.outcome;
  return stopped === 'earlyStopping' && best.loss > baseline.outcome.best.loss ? 'stops-before' : null;
}

function hasOwnStart({ baseline, trial }: Pick<Comparison, 'baseline' | 'trial'>): boolean {
  return trial.config.start !== null && trial.config.start !== baseline.config.start;
}

const badEnds: ReadonlySet<VerdictKind> = new Set(['unstable', 'diverged', 'broken']);

const misses: { readonly [A in Aim]: (comparison: Comparison) => FixRefusal | null } = {
  survive: ({ trial, startLoss }) => {
    if (trial.findings.some(({ severity }) => severity === 'error')) return 'errs';
    return trial.level < startLoss - floor(startLoss, trial.level) ? null : 'gains-nothing';
  },
  calm: (comparison) => {
    const { target, trial } = comparison;
    if (!isRemoved(target, trial, tenth)) return 'stays';
    if (!isNotHigher(comparison)) return 'higher';
    return isLower(comparison) || (endsWell(comparison) && gains(comparison)) ? null : 'not-lower';
  },
  lower: (comparison) => {
    // Every loss is lower than none.
    if (comparison.target.kind === 'finding' && !Number.isFinite(finalLossOf(comparison.baseline)))
      return misses.survive(comparison);
    return isLower(comparison) ? null : 'not-lower';
  },
};

function isLower({ baseline, trial, startLoss }: Comparison): boolean {
  if (trial.expected && baseline.expected) return isExpectedLower(trial.expected, baseline.expected);
  const rounding = floor(whereRounded(baseline, startLoss), baseline.level, trial.level);
  if (!(finalLossOf(trial) < finalLossOf(baseline) - rounding)) return false;
  const margin = Math.max(baseline.spread / 2, rounding);
  if (trial.level < baseline.low - rounding) return true;
  return (
    trial.level < baseline.level - margin && trial.outcome.best.loss < baseline.outcome.best.loss - rounding
  );
}

/**
 * The loss whose rounding hides differences at the end: that at the start, where the baseline run has converged. Where something is left,
 * an enormous loss at the start says nothing about it.
 */
function whereRounded({ verdict }: Trial, startLoss: number): number {
  return verdict.kind === 'converged' ? startLoss : 0;
}

/** A further decrease of this share of the decrease from the start is worth an uneven path. */
const worthwhile = 0.01;

/** Whether a run ends well, and converges where the baseline run does not, or ends lower by 1 % of its decrease. */
function isFarLower({ baseline, trial, startLoss }: Comparison): boolean {
  if (badEnds.has(trial.verdict.kind)) return false;
  if (trial.verdict.kind === 'converged' && baseline.verdict.kind !== 'converged') return true;
  return baseline.level - trial.level >= worthwhile * Math.abs(startLoss - baseline.level);
}

/** Better ends have higher numbers. Runs that converge end equally well, however they got there. */
const quality: { readonly [K in VerdictKind]: number } = {
  broken: 0,
  diverged: 1,
  unstable: 2,
  stalled: 3,
  'still-improving': 4,
  unbounded: 4,
  converged: 5,
};

/** Whether the verdict on a run is better than that on the baseline run, or it converges. Means have to differ, too. */
function endsWell({ baseline, trial }: Comparison): boolean {
  const { kind } = trial.verdict;
  return !trial.expected && (kind === 'converged' || quality[kind] > quality[baseline.verdict.kind]);
}

/** Whether a run ends lower by more than rounding, at its last step or at its level. A run that reached the same loss needs no fix. */
function gains({ baseline, trial, startLoss }: Comparison): boolean {
  const rounding = floor(whereRounded(baseline, startLoss), baseline.level, trial.level);
  const isBelow = (one: number, other: number) => !(one >= other - rounding);
  return isBelow(trial.level, baseline.level) || isBelow(finalLossOf(trial), finalLossOf(baseline));
}

/**
 * The improvement that a fix brings: the difference between the loss at the start, or the final loss of the baseline run, and the
 * final loss with the fix. It separates fixes with a negligible effect from the others.
 */
export function gain(comparison: Comparison): number {
  const { target, baseline, startLoss } = comparison;
  const before = aimOf(target) === 'survive' ? startLoss : finalLossOf(baseline);
  return (Number.isFinite(before) ? before : startLoss) - finalOf({ comparison });
}

/**
 * Whether a run with a fix ends above the lowest loss that the baseline run had reached before it broke or diverged, by more than 1 % of
 * its decrease until then. Losses of single mini-batches are not compared.
 */
export function endsAboveBest(comparison: Comparison): boolean {
  const { baseline } = comparison;
  const { kind } = baseline.verdict;
  const trial = asMeasured(comparison);
  if ((kind !== 'broken' && kind !== 'diverged') || trial.expected || hasMiniBatches(baseline.config))
    return false;
  const best = baseline.outcome.best.loss;
  return (
    Number.isFinite(best) && finalLossOf(trial) - best > worthwhile * Math.abs(comparison.startLoss - best)
  );
}

/** How the fixes that help are compared with each other. */
export interface Ranking<C> {
  /** The number of fixes to offer. */
  readonly count: number;
  /** The size of the change that a fix makes; its integer part is the number of settings. */
  readonly sizeOfChange?: (each: C) => number;
  /** Whether two fixes differ so little that only the first one is offered. */
  readonly areAlike?: (one: C, other: C) => boolean;
  /** The best of these is offered in any case. */
  readonly isWanted?: (each: C) => boolean;
}

/**
 * The best `count` of the fixes that help, best first, without those whose gain is negligible. Fixes that end above the lowest
 * loss of a broken run come after them, and last those that need an exact learning rate. Fixes without remaining warnings come first (for a verdict, only the loss counts), then those with the lower final loss; among equal ones the
 * smallest change. Never left out: the one with the lowest final loss, the smallest change, and the best wanted one.
 */
export function ranked<C extends { readonly comparison: Comparison }>(
  helping: readonly C[],
  { count, sizeOfChange = () => 0, areAlike = () => false, isWanted = () => false }: Ranking<C>,
): C[] {
  // What luck gains is no standard for the others.
  const isStable = ({ comparison }: C) => !comparison.isIsolated;
  const measures = helping.some(isStable) ? helping.filter(isStable) : helping;
  const most = Math.max(...measures.map(({ comparison }) => gain(comparison)));
  const isWorthIt = ({ comparison }: C) => {
    const aim = aimOf(comparison.target);
    return (aim !== 'survive' && aim !== 'lower') || gain(comparison) >= tenth * most;
  };
  const alarms = ({ comparison }: C) => {
    const { target, trial } = comparison;
    return (
      (comparison.isIsolated ? 4 : 0) +
      (endsAboveBest(comparison) ? 2 : 0) +
      (target.kind === 'finding' && trial.findings.some(isAlarm) ? 1 : 0)
    );
  };
  const left = helping.filter(isWorthIt).sort((a, b) => alarms(a) - alarms(b) || finalOf(a) - finalOf(b));
  const inOrder: C[] = [];
  while (left.length > 0) {
    const [first] = left as [C];
    const equal = left.filter((each) => alarms(each) === alarms(first) && isEqual(first, each));
    const simplest = equal.reduce((a, b) => (sizeOfChange(b) < sizeOfChange(a) ? b : a));
    if (!inOrder.some((each) => areAlike(each, simplest))) inOrder.push(simplest);
    left.splice(left.indexOf(simplest), 1);
  }
  const [first] = inOrder;
  const [lowest] = inOrder.toSorted((a, b) => finalOf(a) - finalOf(b));
  if (!lowest || !first) return [];
  // Of those that change equally many settings, the best one.
  const settings = (each: C) => Math.floor(sizeOfChange(each));
  const easiest = inOrder.reduce((a, b) => (settings(b) < settings(a) ? b : a), first);
  const always = new Set([lowest, easiest, inOrder.find(isWanted) ?? first]);
  const others = inOrder.filter((each) => !always.has(each)).slice(0, count - always.size);
  return inOrder.filter((each) => always.has(each) || others.includes(each));
}

function finalOf({ comparison }: { readonly comparison: Comparison }): number {
  return finalLossOf(asMeasured(comparison));
}

/** Of runs that have not converged, none is as good as one that ends lower. */
function isEqual<C extends { readonly comparison: Comparison }>(low: C, high: C): boolean {
  const { startLoss, baseline } = low.comparison;
  const areDone = [low, high].every((each) => asMeasured(each.comparison).verdict.kind === 'converged');
  const from = areDone ? decreasesFrom(startLoss, finalLossOf(baseline)) : null;
  return isEqualLoss(finalOf(low), finalOf(high), from);
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
    if (isError(target) || (standsLower && aimOfCode(found.code).aim === 'lower')) return false;
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
