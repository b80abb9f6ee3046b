import type { DiagnosisCode } from '../diagnosis/catalogue';
import type { Finding } from '../diagnosis/finding';
import { type Aim, aims, sizeOf } from './aims';
import type { Trial } from './watcher';

/** A candidate and the baseline run that it is compared with. */
export interface Comparison {
  /** The finding as the baseline run reports it. */
  readonly finding: Finding;
  readonly baseline: Trial;
  readonly trial: Trial;
  /** L0: the loss at the start; the watched loss if the run has one. */
  readonly startLoss: number;
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
 *   lower     level < level of the baseline run − margin, and best < best of the baseline run − fl
 *
 * In addition, the candidate must reach its last step and must not bring new harm. A level that is NaN meets
 * none of the conditions. All conditions compare differences of losses, so they do not depend on an offset or
 * the scale of the loss.
 *
 * Why spread/2: half the interquartile range is three times the difference of two medians of 64 noisy losses,
 * half the amplitude of an oscillating loss, and a quarter of the improvement of a slow run in its last
 * tenth. A share of R = L0 − best would be wrong: for a run that went from 24 to 1e-4, going on to 1e-9 may
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
  const { finding, trial } = comparison;
  if (!hasEnded(trial)) return 'ends-early';
  if (bringsHarm(comparison)) return 'harms';
  return misses[aims[finding.code].aim](comparison);
}

const misses: { readonly [A in Aim]: (comparison: Comparison) => FixRefusal | null } = {
  survive: ({ trial, startLoss }) => {
    if (trial.findings.some(({ severity }) => severity === 'error')) return 'errs';
    return trial.level < startLoss - floor(startLoss, trial.level) ? null : 'gains-nothing';
  },
  calm: (comparison) => {
    const { finding, trial } = comparison;
    const left = find(trial, finding.code);
    const isCalm = !left || sizeOf(left) <= tenth * sizeOf(finding);
    return isCalm ? higher(comparison) : 'stays';
  },
  lower: (comparison) => (isLower(comparison) ? null : 'not-lower'),
};

function isLower({ baseline, trial }: Comparison): boolean {
  const rounding = floor(baseline.level, trial.level);
  const margin = Math.max(baseline.spread / 2, rounding);
  return (
    trial.level < baseline.level - margin && trial.outcome.best.loss < baseline.outcome.best.loss - rounding
  );
}

function higher(comparison: Comparison): FixRefusal | null {
  return isNotHigher(comparison) ? null : 'higher';
}

/**
 * The improvement that a fix brings: the difference between the loss at the start, or the lowest loss of the
 * baseline run, and the lowest loss with the fix. It separates fixes with a negligible effect from the
 * others.
 */
export function gain({ finding, baseline, trial, startLoss }: Comparison): number {
  const { aim } = aims[finding.code];
  const from = aim === 'survive' ? startLoss : baseline.outcome.best.loss;
  return from - trial.outcome.best.loss;
}

/** The best `count` of the fixes that help, best first, without those whose gain is negligible. */
export function ranked<C extends { readonly comparison: Comparison }>(
  helping: readonly C[],
  count: number,
): C[] {
  const most = Math.max(...helping.map(({ comparison }) => gain(comparison)));
  const isWorthIt = ({ comparison }: C) => {
    const { aim } = aims[comparison.finding.code];
    return (aim !== 'survive' && aim !== 'lower') || gain(comparison) >= tenth * most;
  };
  const alarms = ({ comparison: { trial } }: C) => (trial.findings.some(isAlarm) ? 1 : 0);
  const best = ({ comparison: { trial } }: C) => trial.outcome.best.loss;
  return helping
    .filter(isWorthIt)
    .sort((a, b) => alarms(a) - alarms(b) || best(a) - best(b))
    .slice(0, count);
}

function hasEnded({ outcome }: Trial): boolean {
  return outcome.stopped !== 'error' && outcome.stopped !== 'nonFinite';
}

/**
 * New harm: an error with a code that the baseline run does not have. Where the finding itself is a warning,
 * also a warning that is new or larger, except one that only describes the level of the loss in a run that
 * ends lower.
 */
function bringsHarm(comparison: Comparison): boolean {
  const { finding, baseline, trial } = comparison;
  const standsLower = isLower(comparison);
  return trial.findings.some((found) => {
    if (found.severity === 'info') return false;
    const before = find(baseline, found.code);
    if (found.severity === 'error') return before?.severity !== 'error';
    if (finding.severity === 'error' || (standsLower && aims[found.code].aim === 'lower')) return false;
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

/** The finding with a code. If there are several and the code has a size, the largest one. */
function find({ findings }: Trial, code: DiagnosisCode): Finding | undefined {
  const found = findings.filter((finding) => finding.code === code);
  return found.reduce<Finding | undefined>(
    (largest, each) => (largest && !(sizeOf(each) > sizeOf(largest)) ? largest : each),
    undefined,
  );
}

/**
 * The finding of the baseline run that corresponds to a finding of the user's run: it has the same code and
 * the nearest first step.
 */
export function counterpart({ findings }: Trial, { code, steps }: Finding): Finding | undefined {
  const apart = (other: Finding) => Math.abs(other.steps[0] - steps[0]);
  return findings
    .filter((other) => other.code === code)
    .reduce<Finding | undefined>(
      (near, each) => (near && apart(near) <= apart(each) ? near : each),
      undefined,
    );
}

function isAlarm({ severity }: Finding): boolean {
  return severity !== 'info';
}
