import type { RunConfig } from '../../config/runConfig';
import type { Objective } from '../../objective';
import type { OwnRuns } from '../../ownOptimizer/ownRuns';
import { type AnalysisProgress, Cancelled } from '../analysis';
import {
  type Suggestion,
  type SuggestionName,
  type Suggestions,
  suggest,
  suggestionNames,
} from './suggestions';
import { type LrRange, type Sweep, sweep } from './sweep';

export interface LrRangeRequest {
  readonly objective: Objective;
  /** theta_0, shape [dim]; not modified. */
  readonly start: Float64Array;
  readonly config: RunConfig;
  /** The number of seeds, counted up from the run's seed. A deterministic loss is swept once. */
  readonly seeds: number;
  readonly control: AnalysisProgress;
  /** The user's optimizer, if the configuration names it. Its steps take an lr. */
  readonly own?: OwnRuns | null;
}

/** A suggestion, summarized over the seeds that have it. */
export interface SuggestedRate {
  readonly name: SuggestionName;
  /** null if no seed has one; `reason` then says why. */
  readonly lr: { readonly median: number; readonly least: number; readonly most: number } | null;
  readonly reason: string;
  /** The number of seeds that have it. */
  readonly count: number;
}

export interface LrRangeResult {
  readonly config: RunConfig;
  readonly range: LrRange;
  /** How often the range was extended on each side. */
  readonly widened: { readonly below: number; readonly above: number };
  /** One sweep per seed, that of the run's seed first. */
  readonly sweeps: readonly Sweep[];
  /** The suggestions of each sweep. */
  readonly perSeed: readonly Suggestions[];
  readonly rates: readonly SuggestedRate[];
  /** The first of `rates` that has a learning rate; null if none has one. */
  readonly recommended: SuggestedRate | null;
  /** The configured learning rate: the schedule's maxLr if it has one, else that of the optimizer. */
  readonly configured: number;
  /** The number of evaluations of the loss with its gradient in all sweeps. */
  readonly evaluations: number;
  /** The number of calls of the loss in one of these evaluations. */
  readonly callsEach: number;
}

const stepsADecade = 99 / 8;
const decadesWider = 4;
const widenedAtMost = 3;
const maxSeed = 2 ** 32;

/**
 * Learning-rate range test: increases the learning rate and finds where the loss falls and where it diverges.
 *
 * The range is fastai's, 1e-7 to 10 in 100 steps, extended to at least three decades on both sides of the
 * configured rate. Good rates can be outside of any fixed range: for gradient descent they are proportional
 * to 1/curvature, for Adam to the distance from the minimum. The range is therefore extended by four decades,
 * at most three times, if the loss is lowest within two decades of the lowest rate and then rises, or if it
 * still falls at the highest rate.
 *
 * @throws Cancelled  if the user cancelled
 * @throws what the loss throws
 */
export async function lrRangeTest({
  objective,
  start,
  config,
  seeds,
  control,
  own = null,
}: LrRangeRequest): Promise<LrRangeResult> {
  const configured = configuredLr(config);
  let range = rangeAround(configured);
  let evaluations = 0;
  let [done, total] = [0, Math.max(1, seeds)];
  const sweepWith = async (seed: number): Promise<Sweep> => {
    const mayGo = () => {
      if (!control.went(done, total)) throw new Cancelled();
    };
    const optimizer = await own?.optimizer(config.optimizer);
    const result = await sweep({ objective, start, config: { ...config, seed }, range, mayGo, optimizer });
    done++;
    evaluations += result.evaluations;
    return result;
  };
  let first = await sweepWith(config.seed);
  const widened = { below: 0, above: 0 };
  for (
    let side = tooShortAt(first);
    side && widened.below + widened.above < widenedAtMost;
    side = tooShortAt(first)
  ) {
    range = widen(range, side);
    widened[side]++;
    total++;
    first = await sweepWith(config.seed);
  }
  const sweeps = [first];
  if (first.isStochastic)
    for (let i = 1; i < seeds; i++) sweeps.push(await sweepWith((config.seed + i) % maxSeed));
  const perSeed = sweeps.map(suggest);
  const rates = suggestionNames.map((name) =>
    overSeeds(
      name,
      perSeed.map((each) => each[name]),
    ),
  );
  return {
    config,
    range,
    widened,
    sweeps,
    perSeed,
    rates,
    recommended: rates.find(({ lr }) => lr !== null) ?? null,
    configured,
    evaluations,
    callsEach: objective.gradientMode === 'finite-difference' ? 2 * objective.dim + 1 : 1,
  };
}

function configuredLr({ optimizer, schedule }: RunConfig): number {
  return (schedule && 'maxLr' in schedule ? schedule.maxLr : optimizer.lr) as number;
}

function rangeAround(lr: number): LrRange {
  const isUsable = lr > 1e-300 && lr < 1e300;
  return rangeOf(Math.min(1e-7, isUsable ? lr / 1e3 : 1), Math.max(10, isUsable ? lr * 1e3 : 0));
}

function rangeOf(lowest: number, highest: number): LrRange {
  return { lowest, highest, steps: 1 + Math.round(stepsADecade * Math.log10(highest / lowest)) };
}

function widen({ lowest, highest }: LrRange, side: 'below' | 'above'): LrRange {
  const factor = 10 ** decadesWider;
  return side === 'above'
    ? rangeOf(lowest, highest * factor)
    : rangeOf(Number((lowest / factor).toPrecision(6)), highest);
}

/** The side on which the range is too short for this loss; null if it is long enough. */
function tooShortAt({ smoothed, startLoss, ended, hasMoved }: Sweep): 'below' | 'above' | null {
  if (!Number.isFinite(startLoss) || !hasMoved) return null;
  let [best, place] = [startLoss, -1];
  for (let i = 0; i < smoothed.length; i++) if (smoothed[i]! < best) [best, place] = [smoothed[i]!, i];
  if (ended !== 'range') return place < 2 * stepsADecade ? 'below' : null;
  return place < 0 || place >= 0.95 * smoothed.length ? 'above' : null;
}

function overSeeds(name: SuggestionName, suggestions: readonly Suggestion[]): SuggestedRate {
  const lrs = suggestions.flatMap(({ lr }) => (lr === null ? [] : [lr])).sort((a, b) => a - b);
  const none = suggestions.find((each) => each.lr === null);
  const reason = none?.lr === null ? none.reason : '';
  if (lrs.length === 0) return { name, lr: null, reason, count: 0 };
  return {
    name,
    lr: { median: medianOf(lrs), least: lrs[0]!, most: lrs.at(-1)! },
    reason,
    count: lrs.length,
  };
}

/** @param sorted  ascending, not empty */
export function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
