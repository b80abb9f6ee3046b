import { batchesOf } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import type { Finding, Fix, FixOutcome } from '../diagnosis/finding';
import type { RunOutcome } from '../runLoop';
import { BaselineRun } from './baselineRun';
import { type Candidate, type Proposal, planOf } from './candidates';
import { type Comparison, counterpart, ranked, refusalOf } from './judge';
import { fixWords, notSeenAgain, outcomeSentence, refusalSentence } from './titles';
import type { VerificationSetting, VerifiedFixes } from './verificationSetting';
import type { Trial } from './watcher';

/** At most this many fixes are offered for a finding. */
const mostOffered = 3;

export interface Verification {
  readonly fixes: VerifiedFixes;
  /** One sentence per finding that says why none of its fixes helps; null if one helps or none was tried. */
  readonly refusals: readonly (string | null)[];
  /** false: the user stopped before all candidates were tried. */
  readonly isComplete: boolean;
}

/**
 * Tries the fixes of a run's findings: first the baseline run (the unchanged configuration, run again), then
 * every distinct configuration that a fix leads to. All runs have the same seed and the same number of steps,
 * and each has its own diagnosis. The baseline run is needed because the user may have stopped the recorded
 * run or changed its learning rate by hand.
 *
 * Findings that the baseline run does not have get no verified fixes: there is nothing to compare a fix with.
 *
 * @returns the results at the end, or when the user stopped
 */
export async function verifyFixes(
  setting: VerificationSetting,
  config: RunConfig,
  findings: readonly Finding[],
): Promise<Verification> {
  const { candidates, proposals } = planOf(config, findings);
  const tried = new Map<Candidate, Trial>();
  const nothing = {
    fixes: findings.map(() => []),
    refusals: findings.map(() => null),
    isComplete: candidates.length === 0,
  };
  if (candidates.length === 0) return nothing;

  const total = candidates.length + 1;
  let done = 0;
  const goesOn = () => setting.progress.went(done, total);
  const runs = new BaselineRun(setting, config, candidates, goesOn);
  const baseline = await runs.baseline();
  if (!baseline) return nothing;
  done++;
  const startLoss = await lossAtStart(setting, config);
  const judged = () => proposals.map((proposal) => judge(proposal, baseline, tried, startLoss));
  const known = () => judged().map(({ fixes }) => fixes);
  const end = (isComplete: boolean) => ({
    fixes: known(),
    refusals: judged().map(({ refusal }) => refusal),
    isComplete,
  });
  for (const candidate of candidates) {
    if (!goesOn()) return end(false);
    const trial = await runs.trial(candidate);
    if (trial === 'stopped') return end(false);
    if (trial) tried.set(candidate, trial);
    done++;
    setting.known(known());
  }
  goesOn();
  return end(true);
}

/** The fixes of a proposal that help, best first. If none helps, the reason. */
function judge(
  { finding: reported, fixes }: Proposal,
  baseline: Trial,
  tried: ReadonlyMap<Candidate, Trial>,
  startLoss: number,
): { readonly fixes: readonly Fix[]; readonly refusal: string | null } {
  const finding = counterpart(baseline, reported);
  if (!finding) return { fixes: [], refusal: fixes.length > 0 ? notSeenAgain : null };
  const compared = fixes.flatMap(({ fix, candidate }) => {
    const trial = tried.get(candidate);
    return trial ? [{ fix, comparison: { finding, baseline, trial, startLoss } }] : [];
  });
  const refusals = compared.map(({ comparison }) => refusalOf(comparison));
  const helping = compared.filter((_, i) => refusals[i] === null);
  const refused = refusals.filter((refusal) => refusal !== null);
  return {
    fixes: ranked(helping, mostOffered).map(({ fix, comparison }) => verifiedFix(fix, comparison)),
    refusal: helping.length > 0 || refused.length === 0 ? null : refusalSentence(refused),
  };
}

function verifiedFix({ id, title: label, patch }: Fix, comparison: Comparison): Fix {
  const { baseline, trial } = comparison;
  const verified = { before: fixOutcome(baseline.outcome), after: fixOutcome(trial.outcome) };
  const words = fixWords(label, comparison);
  return { id, title: `${label}: ${outcomeSentence(words)}`, patch, verified, words };
}

function fixOutcome({ final, best, steps, stopped }: RunOutcome): FixOutcome {
  return { loss: final.loss, bestLoss: best.loss, steps, stopped };
}

/** The loss at theta_0; the watched loss if the run has one. */
async function lossAtStart(setting: VerificationSetting, config: RunConfig): Promise<number> {
  const { seed, samples, batch } = config;
  const batches = batchesOf(samples, batch, seed);
  const value = setting.validation ?? (await setting.objective(config))?.value;
  try {
    return (await value?.(setting.start, contextAt(seed, batches, 1, batches.all))) ?? Number.NaN;
  } catch {
    return Number.NaN;
  }
}
