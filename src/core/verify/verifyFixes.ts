import type { AnalysisProgress } from '../analysis/analysis';
import { batchesOf } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import type { Report } from '../diagnosis/board';
import type { Finding, Fix, FixOutcome } from '../diagnosis/finding';
import type { Objective } from '../objective';
import type { RunOutcome } from '../run';
import { type Candidate, type Proposal, planOf } from './candidates';
import { type Comparison, counterpart, helps, ranked } from './judge';
import { fixWords, outcomeSentence } from './titles';
import { TwinRun } from './twinRun';
import type { Sight, Trial } from './watcher';

/** Of a finding so many fixes are offered. */
const mostOffered = 3;

export interface VerificationSetting extends Sight {
  /** theta_0, shape [dim]. */
  readonly start: Float64Array;
  readonly validation: Objective['value'] | null;
  /** A fresh objective with the gradient that a configuration asks for; null if it is not to be had. */
  objective(config: RunConfig): Promise<Objective | null>;
  /**
   * The same with its gradient checked now and then, as in a run.
   *
   * @param report  takes in what the checks find
   */
  checked(plain: Objective, config: RunConfig, report: (finding: Report) => void): Promise<Objective>;
  /** Told runs done and planned. */
  readonly progress: AnalysisProgress;
  /** Told what is known, after every candidate. */
  readonly known: (fixes: VerifiedFixes) => void;
}

/** For every finding the fixes that help, best first, with their outcomes. */
export type VerifiedFixes = readonly (readonly Fix[])[];

/**
 * Tries the fixes of a run's findings: the run as it is once more, then every distinct configuration that a fix leads to, each
 * with the same seed and for the same number of steps, watched by a diagnosis of its own. The run as it is comes first
 * because the user's may have been stopped, or had its learning rate changed by hand.
 *
 * Findings that the unchanged run does not have get no fixes: nothing can be said of them.
 *
 * @returns what is known when it ended: with `isComplete` of all fixes, else of those that were tried before the user gave up
 */
export async function verifyFixes(
  setting: VerificationSetting,
  config: RunConfig,
  findings: readonly Finding[],
): Promise<{ readonly fixes: VerifiedFixes; readonly isComplete: boolean }> {
  const { candidates, proposals } = planOf(config, findings);
  const tried = new Map<Candidate, Trial>();
  const nothing = { fixes: findings.map(() => []), isComplete: candidates.length === 0 };
  if (candidates.length === 0) return nothing;

  const total = candidates.length + 1;
  let done = 0;
  const goesOn = () => setting.progress.went(done, total);
  const runs = new TwinRun(setting, config, candidates, goesOn);
  const twin = await runs.twin();
  if (!twin) return nothing;
  done++;
  const startLoss = await lossAtStart(setting, config);
  const known = () => proposals.map((proposal) => fixesOf(proposal, twin, tried, startLoss));
  for (const candidate of candidates) {
    if (!goesOn()) return { fixes: known(), isComplete: false };
    const trial = await runs.trial(candidate);
    if (trial === 'stopped') return { fixes: known(), isComplete: false };
    if (trial) tried.set(candidate, trial);
    done++;
    setting.known(known());
  }
  goesOn();
  return { fixes: known(), isComplete: true };
}

function fixesOf(
  { finding: told, fixes }: Proposal,
  twin: Trial,
  tried: ReadonlyMap<Candidate, Trial>,
  startLoss: number,
): Fix[] {
  const finding = counterpart(twin, told);
  if (!finding) return [];
  const helping = fixes.flatMap(({ fix, candidate }) => {
    const trial = tried.get(candidate);
    const comparison = trial && { finding, twin, trial, startLoss };
    return comparison && helps(comparison) ? [{ fix, comparison }] : [];
  });
  return ranked(helping, mostOffered).map(({ fix, comparison }) => verifiedFix(fix, comparison));
}

function verifiedFix({ title: label, patch }: Fix, comparison: Comparison): Fix {
  const { twin, trial } = comparison;
  const verified = { before: fixOutcome(twin.outcome), after: fixOutcome(trial.outcome) };
  const words = fixWords(label, comparison);
  return { title: `${label}: ${outcomeSentence(words)}`, patch, verified, words };
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
