import { directionOf, lossWord, turnedOutcome } from '../ascent';
import type { RunConfig } from '../config/runConfig';
import type { Finding, Fix, FixOutcome } from '../diagnosis/finding';
import type { Objective } from '../objective';
import type { Verdict } from '../verdict/verdict';
import { lacksTerm } from '../verdict/verdictOf';
import { aims } from './aims';
import { BaselineRun } from './baselineRun';
import { type Candidate, type Proposal, planOf } from './candidates';
import { type EditTrial, editTrial, watchedLossAt } from './editTrial';
import { counterpart, verdictTarget } from './fixTarget';
import { type Comparison, ranked, refusalOf } from './judge';
import { fixBetween, sizeOfChange } from './search/configDifference';
import { type SearchReport, Spending } from './search/searchBudget';
import { mostFinalists, type Reached, searchConfigurations } from './search/searchConfigurations';
import { endedOtherwise, fixWords, notSeenAgain, outcomeSentence, refusalSentence } from './titles';
import type { TriedProgram, VerificationSetting, VerifiedFixes } from './verificationSetting';
import { finalLossOf, type Trial } from './watcher';

/** At most this many fixes are offered for a finding. */
const mostOffered = 3;

export interface Verification {
  readonly fixes: VerifiedFixes;
  /** One sentence per finding that says why none of its fixes helps; null if one helps or none was tried. */
  readonly refusals: readonly (string | null)[];
  /** The same for the verdict. */
  readonly ofVerdict: Judged;
  /** What the search has spent; null if there was none. */
  readonly search: SearchReport | null;
  /** false: the user stopped before all candidates were tried. */
  readonly isComplete: boolean;
}

/** The fixes that help, best first. If none helps, the reason. */
export interface Judged {
  readonly fixes: readonly Fix[];
  readonly refusal: string | null;
}

/** A verification without results. */
export function nothingVerified(findings: readonly Finding[], isComplete: boolean): Verification {
  return {
    fixes: findings.map(() => []),
    refusals: findings.map(() => null),
    ofVerdict: { fixes: [], refusal: null },
    search: null,
    isComplete,
  };
}

/**
 * Tries the fixes of a run's findings: first the baseline run (the unchanged configuration, run again), then
 * every distinct configuration that a fix leads to. All runs have the same seed and the same number of steps,
 * and each has its own diagnosis. The baseline run is needed because the user may have stopped the recorded
 * run or changed its learning rate by hand. Then searches for other configurations, if the setting allows it and
 * a finding or the verdict asks for it; the best of them are tried in the same way. With a search, all runs together stay
 * within the evaluations of its budget: what would exceed them is not tried.
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
  const plan = planOf(config, findings, verdict);
  const isSearched = given.search !== null && wantsSearch(findings, verdict);
  const nothing = nothingVerified(findings, plan.candidates.length === 0);
  if (plan.candidates.length === 0 && !isSearched) return nothing;

  const limits = isSearched ? given.search : null;
  const spending = limits && new Spending(limits.budget, config.steps, limits.secondsNow);
  const setting = spending ? countedSetting(given, spending) : given;
  const isOverTime = () => spending?.isOverTime ?? false;
  const isSpent = () => spending?.isSpent ?? false;
  // A run that was refused an evaluation would be compared with less than it reaches.
  const isCut = () => spending?.hasRefused ?? false;
  // Without candidates of findings, the time limit also holds for the baseline run.
  const isLimited = plan.candidates.every((candidate) => plan.optional.has(candidate));
  let done = 0;
  let isCancelled = false;
  const goesOn = () => {
    isCancelled ||= !(spending
      ? setting.progress.went(inRuns(spending.evaluations, config), inRuns(spending.mostEvaluations, config))
      : setting.progress.went(done, plan.candidates.length + 1));
    return !isCancelled;
  };
  let isBaseline = true;
  const mayStep = () => !isSpent() && !(isBaseline && isLimited && isOverTime()) && goesOn();
  const runs = new BaselineRun(setting, config, plan.candidates, mayStep);
  const baseline = await runs.baseline();
  isBaseline = false;
  if (!baseline || isCut())
    return isCancelled || !spending
      ? nothing
      : { ...nothing, search: spending.report(0, isOverTime()), isComplete: true };
  done++;
  const tried = new Map<Candidate, Tried>();
  const found: { readonly fix: Fix; readonly candidate: Candidate }[] = [];
  let search: SearchReport | null = null;
  const startLoss = await watchedLossAt(setting, config, setting.start);
  const judged = (proposal: Proposal) => {
    const isExtended = proposal.target.kind === 'verdict' || asksForSearch(proposal.target.finding);
    const fixes = isExtended ? [...proposal.fixes, ...found] : proposal.fixes;
    return judge({ ...proposal, fixes }, baseline, tried, startLoss);
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
  const tryOne = async (candidate: Candidate) => {
    const trial = await runs.trial(candidate);
    if (trial === 'stopped' || isCut()) return false;
    const { edit } = candidate;
    if (trial) tried.set(candidate, { trial, ...(edit && (await editTrial(setting, edit, trial))) });
    const { fixes, ofVerdict } = resultsSoFar(false);
    setting.known(fixes, ofVerdict.fixes);
    return true;
  };
  const hasHelped = () => {
    const { fixes, ofVerdict } = resultsSoFar(false);
    const ids = new Set([...fixes.flat(), ...ofVerdict.fixes].map(({ id }) => id));
    return found.some(({ fix }) => ids.has(fix.id));
  };
  const perTrial = spending?.evaluations ?? 0;
  for (const candidate of plan.candidates) {
    if (isOverTime() && plan.optional.has(candidate)) continue;
    if (isSpent()) break;
    if (!goesOn()) return resultsSoFar(false);
    if (await tryOne(candidate)) done++;
    else if (isCancelled) return resultsSoFar(false);
  }
  if (spending && setting.search) {
    const reserved = mostFinalists * perTrial;
    const { best, configurations } = await searchConfigurations({
      ...setting,
      config,
      startLoss,
      known: [baseline, ...configurationsIn(tried)].map(reachedBy),
      goesOn: () =>
        spending.evaluations + reserved < spending.mostEvaluations && !spending.isOverTime && goesOn(),
    });
    const isCutByTime = spending.isOverTime;
    for (const each of isCancelled ? [] : best) {
      const fix = fixBetween(config, each);
      if (!fix) continue;
      if (found.length >= mostFinalists && hasHelped()) break;
      if (spending.evaluations + perTrial > spending.mostEvaluations) break;
      const candidate = { config: each, edit: null, agreesUntil: 0 };
      found.push({ fix, candidate });
      if (!(await tryOne(candidate))) break;
    }
    search = spending.report(configurations, isCutByTime);
  }
  // Reports the final progress.
  goesOn();
  return resultsSoFar(!isCancelled);
}

/** Whether the verification of a run would try anything. */
export function isWorthVerifying(
  { optimizer }: RunConfig,
  findings: readonly Finding[],
  verdict: Verdict | null,
  isSearched: boolean,
): boolean {
  // A change of the configuration does not reach an optimizer that the user wrote.
  if (optimizer.own !== undefined) return false;
  return (
    findings.some(({ fixes }) => fixes.length > 0) ||
    verdictTarget(withFixes(findings, verdict)) !== null ||
    (isSearched && wantsSearch(findings, withFixes(findings, verdict)))
  );
}

/** The verdict, if a configuration can help: not where the gradient lacks a term of the loss. */
function withFixes(findings: readonly Finding[], verdict: Verdict | null): Verdict | null {
  return lacksTerm(findings) ? null : verdict;
}

/** Whether a search may find what helps: not where an error lies in the loss itself. */
function wantsSearch(findings: readonly Finding[], verdict: Verdict | null): boolean {
  if (findings.some(({ code, severity }) => severity === 'error' && aims[code].isOfLoss)) return false;
  return verdictTarget(verdict) !== null || findings.some(asksForSearch);
}

function asksForSearch({ code, severity }: Finding): boolean {
  return severity !== 'info' && !aims[code].isOfLoss;
}

/** A trial; of an edit, with what its comparison must know. */
type Tried = { readonly trial: Trial } & Partial<EditTrial>;

/** The trials of the user's own program. */
function configurationsIn(tried: ReadonlyMap<Candidate, Tried>): Trial[] {
  return [...tried].flatMap(([{ edit }, { trial }]) => (edit ? [] : [trial]));
}

/** The same programs, whose gradient evaluations are counted. */
function countedSetting(given: VerificationSetting, spending: Spending): VerificationSetting {
  const counted = (program: TriedProgram): Pick<TriedProgram, 'objective' | 'beside'> => ({
    objective: async (config) => countedBy(spending, await program.objective(config)),
    beside: (plain, config) => spending.counted(program.beside(plain, config)),
  });
  return {
    ...given,
    ...counted(given),
    edited: async (edit) => {
      const program = await given.edited(edit);
      return program && { ...program, ...counted(program) };
    },
  };
}

function countedBy(spending: Spending, objective: Objective | null): Objective | null {
  return objective && spending.counted(objective);
}

/** A number of evaluations, in runs of the user's steps. */
function inRuns(evaluations: number, { steps }: RunConfig): number {
  return Math.floor(evaluations / steps);
}

function reachedBy(trial: Trial): Reached {
  const isKnown = Number.isFinite(trial.outcome.final.loss);
  return { config: trial.config, score: isKnown ? finalLossOf(trial) : Number.POSITIVE_INFINITY };
}

/** The fixes of a proposal that help, best first. If none helps, the reason. */
function judge(
  { target: reported, fixes }: Proposal,
  baseline: Trial,
  tried: ReadonlyMap<Candidate, Tried>,
  startLoss: number,
): Judged {
  const target = counterpart(baseline, reported);
  if (!target) {
    const why = reported.kind === 'verdict' ? endedOtherwise : notSeenAgain;
    return { fixes: [], refusal: fixes.length > 0 ? why : null };
  }
  const compared = fixes.flatMap(({ fix, candidate }) => {
    const known = tried.get(candidate);
    return known ? [{ fix, comparison: { target, baseline, startLoss, ...known } }] : [];
  });
  const refusals = compared.map(({ comparison }) => refusalOf(comparison));
  const helping = compared.filter((_, i) => refusals[i] === null);
  const refused = refusals.filter((refusal) => refusal !== null);
  return {
    fixes: ranked(helping, mostOffered, ({ fix }) => sizeOfChange(fix, baseline.config)).map(
      ({ fix, comparison }) => verifiedFix(fix, comparison),
    ),
    refusal:
      helping.length > 0 || refused.length === 0 ? null : refusalSentence(refused, baseline.config.maximize),
  };
}

function verifiedFix(fix: Fix, comparison: Comparison): Fix {
  const { baseline, trial } = comparison;
  const verified = { before: fixOutcome(baseline), after: fixOutcome(trial) };
  const words = fixWords(fix.title, comparison);
  const title = `${fix.title}: ${outcomeSentence(words, lossWord(baseline.config))}`;
  return { ...fix, title, verified, words };
}

function fixOutcome({ outcome, config }: Trial): FixOutcome {
  const { final, best, steps, stopped } = turnedOutcome(outcome, directionOf(config));
  return { loss: final.loss, bestLoss: best.loss, steps, stopped };
}
