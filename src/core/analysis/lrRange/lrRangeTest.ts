import type { RunConfig } from '../../config/runConfig';
import type { Objective } from '../../objective';
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
  /** How many, from the run's own on. A deterministic loss is swept once. */
  readonly seeds: number;
  readonly control: AnalysisProgress;
}

/** A suggestion over all seeds that have it. */
export interface SuggestedRate {
  readonly name: SuggestionName;
  /** null if no seed has one; then `reason` says why not. */
  readonly lr: { readonly median: number; readonly least: number; readonly most: number } | null;
  readonly reason: string;
  /** Of how many seeds. */
  readonly count: number;
}

export interface LrRangeResult {
  readonly config: RunConfig;
  readonly range: LrRange;
  /** How often the range was widened, because it ended too soon at this side. */
  readonly widened: { readonly below: number; readonly above: number };
  /** By seed, the run's own first. */
  readonly sweeps: readonly Sweep[];
  /** Of each sweep. */
  readonly perSeed: readonly Suggestions[];
  readonly rates: readonly SuggestedRate[];
  /** The first of the four that exists, in their order; null if none does. */
  readonly recommended: SuggestedRate | null;
  /** The learning rate of the run as it is configured: the schedule's own, where it brings one. */
  readonly configured: number;
  /** Evaluations of the loss with its gradient, all sweeps together. */
  readonly evaluations: number;
  /** Calls of the loss in one of them. */
  readonly callsEach: number;
}

const stepsADecade = 99 / 8;
const decadesWider = 4;
const widenedAtMost = 3;
const maxSeed = 2 ** 32;

/**
 * Learning-rate range test: sweeps the learning rate and looks where the loss falls and where it blows up.
 *
 * The range is fastai's, 1e-7 to 10 in 100 steps, and in any case three decades to both sides of the configured rate. Sensible
 * rates can lie outside of any fixed range (for gradient descent they go as 1/curvature, for Adam as the distance to
 * travel): a loss that is lowest within two decades of the lowest rate and then rises, or that still falls at the highest,
 * has the range widened by four decades on that side, at the same number of steps a decade, and is swept again; three
 * times at most.
 *
 * @throws Cancelled  if the user gave up
 * @throws what the loss throws
 */
export async function lrRangeTest({
  objective,
  start,
  config,
  seeds,
  control,
}: LrRangeRequest): Promise<LrRangeResult> {
  const configured = configuredLr(config);
  let range = rangeAround(configured);
  let evaluations = 0;
  let [done, total] = [0, Math.max(1, seeds)];
  const sweepWith = async (seed: number): Promise<Sweep> => {
    const mayGo = () => {
      if (!control.went(done, total)) throw new Cancelled();
    };
    const result = await sweep({ objective, start, config: { ...config, seed }, range, mayGo });
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

/** Where the range ended too soon for this loss, if it did. */
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
