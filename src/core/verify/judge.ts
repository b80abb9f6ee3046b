import type { DiagnosisCode } from '../diagnosis/catalogue';
import type { Finding } from '../diagnosis/finding';
import { type Aim, aims, sizeOf } from './aims';
import type { Trial } from './watcher';

/** A candidate that is held against the unchanged run. */
export interface Comparison {
  /** The finding as the unchanged run has it. */
  readonly finding: Finding;
  readonly twin: Trial;
  readonly trial: Trial;
  /** L0: the loss at the start, the watched one where one is watched. */
  readonly startLoss: number;
}

/** A tenth: of a finding that shrank, of what the best fix gains. */
const tenth = 0.1;

/**
 * Whether a candidate measurably helps against a finding. With L0 the loss at the start, `level` what a run holds at its end
 * (see `Trial`), `best` its least loss, fl = 64 ε max(abs(loss)) of the losses that are compared (for calm the start's, too),
 * and of the unchanged run `spread`, what its losses vary by at its end, margin = max(spread/2, fl):
 *
 *   survive   there is no error, level < L0 − fl
 *   calm      the finding is gone or at most a tenth as large, level ≤ that of the unchanged run + margin
 *   lower     level < that of the unchanged run − margin, best < that of the unchanged run − fl
 *
 * of a run that was not broken off, and never where it brings new harm. A level that is NaN meets none of them. All are
 * differences of losses, compared with such: blind to shift and scale.
 *
 * Half the distance of the quartiles is three times what two medians of 64 noisy losses differ by, half of what a loss
 * bounces by, and a quarter of what a slow run wins in its last tenth. A share of R = L0 − best would not do: a run that
 * has come down from 24 to 1e-4 may well be worth taking to 1e-9, and is not to end at 1e-3 for calm on its way.
 */
export function helps(comparison: Comparison): boolean {
  return refusalOf(comparison) === null;
}

/** Why a candidate does not help. */
export type FixRefusal =
  /** the run did not get to its end */
  | 'ends-early'
  /** something is wrong that was not, or is worse than it was */
  | 'harms'
  /** there still is an error */
  | 'errs'
  /** what was found is still there */
  | 'stays'
  /** it ends no lower than it began */
  | 'gains-nothing'
  /** it ends no lower than the unchanged run */
  | 'not-lower'
  /** it ends higher than the unchanged run */
  | 'higher';

/** Why a candidate does not help against a finding, see `helps`; null: it does. */
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

function isLower({ twin, trial }: Comparison): boolean {
  const rounding = floor(twin.level, trial.level);
  const margin = Math.max(twin.spread / 2, rounding);
  return trial.level < twin.level - margin && trial.outcome.best.loss < twin.outcome.best.loss - rounding;
}

function higher(comparison: Comparison): FixRefusal | null {
  return isNotHigher(comparison) ? null : 'higher';
}

/**
 * What a fix wins: the way from the start, or from the best that there was, to its own best. For telling fixes that hardly do
 * anything from those that do.
 */
export function gain({ finding, twin, trial, startLoss }: Comparison): number {
  const { aim } = aims[finding.code];
  const from = aim === 'survive' ? startLoss : twin.outcome.best.loss;
  return from - trial.outcome.best.loss;
}

/** Of fixes that all help, those worth showing, best first: at most `count`. */
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
 * New harm: an error of a code that the unchanged run has not; where the finding was a warning itself, a warning that is new
 * or larger, but not one that only says where the loss stands, of a run that stands lower.
 */
function bringsHarm(comparison: Comparison): boolean {
  const { finding, twin, trial } = comparison;
  const standsLower = isLower(comparison);
  return trial.findings.some((found) => {
    if (found.severity === 'info') return false;
    const before = find(twin, found.code);
    if (found.severity === 'error') return before?.severity !== 'error';
    if (finding.severity === 'error' || (standsLower && aims[found.code].aim === 'lower')) return false;
    return !before || before.severity === 'info' || sizeOf(found) > sizeOf(before);
  });
}

/** A run that ended at no finite loss is above any that did. */
function isNotHigher(comparison: Comparison): boolean {
  const { twin, trial, startLoss } = comparison;
  if (Number.isNaN(twin.level)) return trial.level < startLoss;
  return trial.level <= twin.level + Math.max(twin.spread / 2, floor(startLoss, twin.level, trial.level));
}

/** fl, what rounding alone does to a loss. */
function floor(...losses: readonly number[]): number {
  return 64 * Number.EPSILON * Math.max(...losses.map(Math.abs));
}

/** The finding of a code, the largest where there are several and it has a measure. */
function find({ findings }: Trial, code: DiagnosisCode): Finding | undefined {
  const found = findings.filter((finding) => finding.code === code);
  return found.reduce<Finding | undefined>(
    (largest, each) => (largest && !(sizeOf(each) > sizeOf(largest)) ? largest : each),
    undefined,
  );
}

/** The finding of the unchanged run that one of the user's run is: of its code, and begun nearest to it. */
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
