import { hasMiniBatches } from '../batches';
import { baseLr } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import type { Candidate } from './candidates';
import { decreasesFrom } from './equalLoss';
import type { Tried } from './judgeProposal';
import { Attempt, type AttemptSetting } from './search/attempt';
import type { Spending } from './search/searchBudget';
import { keyOf } from './search/searchConfigurations';
import { withLr } from './search/searchSpace';
import { finalLossOf, type Trial } from './watcher';

/** The neighbours of a configuration: its learning rate times these. */
const factors = [0.8, 1.25];
/** A neighbour reaches the result of a fix if it has this share of its gain. */
const half = 0.5;
/** At most this many fixes are examined; the evaluations of the first ones are reserved. */
const mostExamined = 4;
const reservedFor = 2;

/** The runs to reserve in the budget of a search. */
export const reservedNeighbours = reservedFor * factors.length;

export interface IsolationRequest {
  readonly setting: AttemptSetting;
  readonly baseline: Trial;
  /** The trials so far; receives `isIsolated`. */
  readonly tried: Map<Candidate, Tried>;
  readonly spending: Spending;
  /** The candidates of the fixes that would be offered first, with the results so far. */
  firstOffered(): readonly Candidate[];
}

/**
 * Examines whether the fixes that are offered first depend on their exact learning rate: each is repeated with 0.8 and 1.25
 * times of it. If neither run has half of the gain of the fix, the fix owes its result to the place where its steps happened to
 * come down, such as the basin of another minimum: it is *isolated*, and others are offered before it.
 *
 * The gain is a difference of losses, not of their logarithms: a loss may have any offset, and a neighbour that ends at 1e-6 instead
 * of 1e-30 is in the same basin. Noisy losses are not examined, since there each run is a draw. What the budget does not contain is
 * not examined either, and nothing is said about it.
 */
export async function examineFirst(request: IsolationRequest): Promise<void> {
  const { setting, baseline, tried, spending } = request;
  const { config } = baseline;
  if (setting.isContextual || hasMiniBatches(config)) return;
  const examined = new Set<Candidate>();
  const scores = new Map<string, number>(
    [...tried].flatMap(([{ edit }, { trial }]) => (edit ? [] : [[keyOf(trial.config), finalLossOf(trial)]])),
  );
  while (examined.size < mostExamined) {
    const candidate = request.firstOffered().find((each) => !examined.has(each));
    if (!candidate) return;
    examined.add(candidate);
    const known = tried.get(candidate);
    if (!known || candidate.edit) continue;
    const from = decreasesFrom(setting.startLoss, finalLossOf(baseline));
    const least = from - half * (from - finalLossOf(known.trial));
    if (!(least < from)) continue;
    const neighbours = factors.flatMap((factor) => {
      const each = withLr(candidate.config, factor * baseLr(candidate.config));
      return each && keyOf(each) !== keyOf(candidate.config) ? [each] : [];
    });
    let isReached = neighbours.length === 0;
    for (const neighbour of neighbours) {
      if (isReached) break;
      const score = scores.get(keyOf(neighbour)) ?? (await scoreOf(neighbour, setting, spending));
      if (score === null) return;
      scores.set(keyOf(neighbour), score);
      isReached = score <= least;
    }
    if (!isReached) tried.set(candidate, { ...known, isIsolated: true });
  }
}

/** The loss that a configuration reaches; null if the run was stopped, or the budget does not contain it. */
async function scoreOf(
  config: RunConfig,
  setting: AttemptSetting,
  spending: Spending,
): Promise<number | null> {
  if (spending.evaluations + config.steps > spending.mostEvaluations || spending.isOverTime) return null;
  const attempt = new Attempt(setting, config);
  const isDone = await attempt.advance(config.steps);
  return isDone && !spending.hasRefused ? attempt.score : null;
}
