import type { RunConfig } from '../config/runConfig';
import type { Finding } from '../diagnosis/finding';
import type { Verdict } from '../verdict/verdict';
import { BaselineRun } from './baselineRun';
import { type Candidate, type Proposal, type ProposedFix, planOf } from './candidates';
import { countedSetting, inRuns } from './countedSetting';
import { editTrial, watchedLossAt } from './editTrial';
import { examineFirst, reservedNeighbours } from './isolated';
import { asksForSearch, wantsSearch, withFixes } from './isWorthVerifying';
import { boundlessFix, judgeProposal, type Tried } from './judgeProposal';
import { fixBetween } from './search/configDifference';
import { type SearchReport, Spending } from './search/searchBudget';
import { mostFinalists, type Reached, searchConfigurations } from './search/searchConfigurations';
import { nothingVerified, type Verification } from './verification';
import type { VerificationSetting } from './verificationSetting';
import { finalLossOf, type Trial } from './watcher';

/**
 * Tries the fixes of a run's findings: first the baseline run (the unchanged configuration, run again), then
 * every distinct configuration that a fix leads to. All runs have the same seed and the same number of steps,
 * and each has its own diagnosis. The baseline run is needed because the user may have stopped the recorded
 * run or changed its learning rate by hand. Then searches for other configurations, if the setting allows it and
 * a finding or the verdict asks for it; the best of them are tried in the same way. With a search, all runs together stay
 * within the evaluations and the seconds of its budget: what would exceed them is not tried, and the report says how much that is.
 * At the end, the fixes that would be offered first are repeated with learning rates near theirs, see `examineFirst`.
 *
 * Findings that the baseline run does not have get no verified fixes: there is nothing to compare a fix with.
 *
 * @param judgement  the verdict on the run; null if it has none, or if it needs no fixes of its own
 * @returns the results at the end, or when the user stopped
 */
export async function verifyFixes(
  given: VerificationSetting,
  config: RunConfig,
  findings: readonly Finding[],
  judgement: Verdict | null = null,
): Promise<Verification> {
  const verdict = withFixes(findings, judgement);
  const plan = planOf(config, findings, verdict, given.editsAgainst);
  const isSearched = given.search !== null && wantsSearch(findings, verdict);
  const nothing = nothingVerified(findings, plan.candidates.length === 0);
  if (plan.candidates.length === 0 && !isSearched) return nothing;

  // The limits hold for proposed fixes, too, also where nothing is searched for.
  const limits = given.search;
  const spending = limits && new Spending(limits.budget, config.steps, limits.secondsNow);
  const setting = spending ? countedSetting(given, spending) : given;
  const isOverTime = () => spending?.isOverTime ?? false;
  const isSpent = () => spending?.isSpent ?? false;
  // A run that was refused an evaluation would be compared with less than it reaches.
  const isCut = () => spending?.hasRefused ?? false;
  const asked = plan.candidates.filter((candidate) => !plan.optional.has(candidate));
  let done = 0;
  let isCancelled = false;
  const goesOn = () => {
    isCancelled ||= !(spending && isSearched
      ? setting.progress.went(inRuns(spending.evaluations, config), inRuns(spending.mostEvaluations, config))
      : setting.progress.went(done, plan.candidates.length + 1));
    return !isCancelled;
  };
  const mayStep = () => !isSpent() && !isOverTime() && goesOn();
  const runs = new BaselineRun(setting, config, plan.candidates, mayStep);
  const secondsBefore = spending?.secondsLeft ?? 0;
  const baseline = await runs.baseline();
  if (!baseline || isCut() || isOverTime())
    return isCancelled || !spending
      ? nothing
      : {
          ...nothing,
          search: spending.report(0, isOverTime(), plan.candidates.length),
          isComplete: true,
        };
  const secondsOfRun = secondsBefore - (spending?.secondsLeft ?? 0);
  done++;
  const tried = new Map<Candidate, Tried>();
  const left = new Set(plan.candidates);
  const found: ProposedFix[] = [];
  let search: SearchReport | null = null;
  const startLoss = await watchedLossAt(given, config, setting.start);
  const proposed = [...plan.proposals, ...(plan.ofVerdict ? [plan.ofVerdict] : [])].flatMap(
    ({ fixes }) => fixes,
  );
  const boundless = () => boundlessFix([...proposed, ...found], tried);
  const judged = (proposal: Proposal) => {
    const isExtended = proposal.target.kind === 'verdict' || asksForSearch(proposal.target.finding);
    const fixes = isExtended ? [...proposal.fixes, ...found] : proposal.fixes;
    return judgeProposal({ ...proposal, fixes }, baseline, tried, startLoss, boundless());
  };
  const resultsSoFar = (isComplete: boolean): Verification => {
    const each = plan.proposals.map(judged);
    return {
      fixes: each.map(({ fixes }) => fixes),
      refusals: each.map(({ refusal }) => refusal),
      ofVerdict: plan.ofVerdict ? judged(plan.ofVerdict) : nothing.ofVerdict,
      search,
      isComplete,
    };
  };
  // A trial evaluates the loss after its last step, too, and not each of them equally often.
  let perTrial = spending?.evaluations ?? 0;
  const tryOne = async (candidate: Candidate) => {
    const before = spending?.evaluations ?? 0;
    const trial = await runs.trial(candidate);
    perTrial = Math.max(perTrial, (spending?.evaluations ?? 0) - before);
    if (trial === 'stopped' || isCut()) return false;
    const { edit } = candidate;
    const ofEdit = trial && edit && (await editTrial(setting, edit, trial, baseline));
    if (isCut()) return false;
    left.delete(candidate);
    if (trial) tried.set(candidate, { trial, ...ofEdit });
    const { fixes, ofVerdict } = resultsSoFar(false);
    setting.known(fixes, ofVerdict.fixes);
    return true;
  };
  const hasHelped = () => {
    const { fixes, ofVerdict } = resultsSoFar(false);
    const ids = new Set([...fixes.flat(), ...ofVerdict.fixes].map(({ id }) => id));
    return found.some(({ fix }) => ids.has(fix.id));
  };
  /** @returns false if the user stopped */
  const tryAll = async (candidates: readonly Candidate[]) => {
    for (const candidate of candidates) {
      if (isSpent() || isOverTime()) break;
      if (!goesOn()) return false;
      if (await tryOne(candidate)) done++;
      else if (isCancelled) return false;
    }
    return true;
  };
  if (!(await tryAll(asked))) return resultsSoFar(false);
  if (!(await tryAll([...plan.optional]))) return resultsSoFar(false);
  let [searched, isCutByTime] = [0, false];
  if (spending && isSearched) {
    const reserved = mostFinalists * perTrial + reservedNeighbours * config.steps;
    // Without a diagnosis, a run takes half of the time.
    const reservedRuns = mostFinalists + reservedNeighbours / 2;
    const reservedSeconds = Math.min(reservedRuns * secondsOfRun, spending.secondsLeft / 2);
    const { best, configurations } = await searchConfigurations({
      ...setting,
      config,
      startLoss,
      known: [baseline, ...configurationsIn(tried)].map(reachedBy),
      goesOn: () =>
        spending.evaluations + reserved < spending.mostEvaluations &&
        spending.secondsLeft > reservedSeconds &&
        goesOn(),
    });
    searched = configurations;
    isCutByTime = spending.secondsLeft <= reservedSeconds;
    for (const each of isCancelled ? [] : best) {
      const fix = fixBetween(config, each);
      if (!fix) continue;
      if (found.length >= mostFinalists && hasHelped()) break;
      if (spending.evaluations + perTrial > spending.mostEvaluations || spending.isOverTime) break;
      const candidate = { config: each, edit: null, agreesUntil: 0 };
      found.push({ fix, candidate, isFound: true });
      if (!(await tryOne(candidate))) break;
    }
  }
  if (spending && !isCancelled && !isCut()) {
    const candidates = new Map([...proposed, ...found].map(({ fix, candidate }) => [fix.id, candidate]));
    await examineFirst({
      setting: { ...setting, startLoss, goesOn: mayStep },
      baseline,
      tried,
      spending,
      firstOffered: () => {
        const { fixes, ofVerdict } = resultsSoFar(false);
        return [ofVerdict.fixes, ...fixes].flatMap(([first]) => (first && candidates.get(first.id)) ?? []);
      },
    });
  }
  if (spending && (isSearched || left.size > 0))
    search = spending.report(searched, isCutByTime || isOverTime(), left.size);
  // Reports the final progress.
  goesOn();
  return resultsSoFar(!isCancelled);
}

/** The trials of the user's own program. */
function configurationsIn(tried: ReadonlyMap<Candidate, Tried>): Trial[] {
  return [...tried].flatMap(([{ edit }, { trial }]) => (edit ? [] : [trial]));
}

function reachedBy(trial: Trial): Reached {
  const isKnown = Number.isFinite(trial.outcome.final.loss);
  return { config: trial.config, score: isKnown ? finalLossOf(trial) : Number.POSITIVE_INFINITY };
}
