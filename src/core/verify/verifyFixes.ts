import { batchesOf } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import type { Finding, Fix, FixOutcome } from '../diagnosis/finding';
import type { RunOutcome } from '../runLoop';
import { type Candidate, type Proposal, planOf } from './candidates';
import { type Comparison, counterpart, ranked, refusalOf } from './judge';
import { fixWords, notSeenAgain, outcomeSentence, refusalSentence } from './titles';
import { TwinRun } from './twinRun';
import type { VerificationSetting, VerifiedFixes } from './verificationSetting';
import type { Trial } from './watcher';

/** Of a finding so many fixes are offered. */
const mostOffered = 3;

export interface Verification {
  readonly fixes: VerifiedFixes;
  /** For every finding why none of its fixes helps, in a sentence; null where one does, or none was tried. */
  readonly refusals: readonly (string | null)[];
  /** false: not all were tried before the user gave up. */
  readonly isComplete: boolean;
}

/**
 * Tries the fixes of a run's findings: the run as it is once more, then every distinct configuration that a fix leads to, each
 * with the same seed and for the same number of steps, watched by a diagnosis of its own. The run as it is comes first
 * because the user's may have been stopped, or had its learning rate changed by hand.
 *
 * Findings that the unchanged run does not have get no fixes: nothing can be said of them.
 *
 * @returns what is known when it ended
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
  const runs = new TwinRun(setting, config, candidates, goesOn);
  const twin = await runs.twin();
  if (!twin) return nothing;
  done++;
  const startLoss = await lossAtStart(setting, config);
  const judged = () => proposals.map((proposal) => judge(proposal, twin, tried, startLoss));
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

/** The fixes of a proposal that help, best first; where none does, why. */
function judge(
  { finding: told, fixes }: Proposal,
  twin: Trial,
  tried: ReadonlyMap<Candidate, Trial>,
  startLoss: number,
): { readonly fixes: readonly Fix[]; readonly refusal: string | null } {
  const finding = counterpart(twin, told);
  if (!finding) return { fixes: [], refusal: fixes.length > 0 ? notSeenAgain : null };
  const compared = fixes.flatMap(({ fix, candidate }) => {
    const trial = tried.get(candidate);
    return trial ? [{ fix, comparison: { finding, twin, trial, startLoss } }] : [];
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
  const { twin, trial } = comparison;
  const verified = { before: fixOutcome(twin.outcome), after: fixOutcome(trial.outcome) };
  const words = fixWords(label, comparison);
  return { id, title: `${label}: ${outcomeSentence(words)}`, patch, verified, words };
}

function fixOutcome({ final, best, steps, stopped }: RunOutcome): FixOutcome {
  return { loss: final.loss, bestLoss: best.loss, steps, stopped };
}

/** The watched loss at theta_0, as a run begins with it. */
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
