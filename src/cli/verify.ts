import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { Finding } from '../core/diagnosis/finding';
import { withProposal } from '../core/verdict/proposal';
import type { Verdict } from '../core/verdict/verdict';
import { withTriedFixes } from '../core/verify/followedAdvice';
import { isWorthVerifying } from '../core/verify/isWorthVerifying';
import type { SearchBudget, SearchReport } from '../core/verify/search/searchBudget';
import type { Plan } from '../loss/plan';
import type { LossSource } from '../loss/source';
import type { JobLimits } from '../protocol/jobProcess';
import { ActiveVerification } from '../runner/activeVerification';
import { whileInterruptible } from './interruption';
import { jobs } from './jobs';
import { clearProgress, showProgress } from './progress';
import { warn } from './warn';

/** The run that produced the findings. */
export interface VerifiedRun {
  readonly plan: Plan;
  readonly limits: JobLimits;
  readonly diagnosis?: DiagnosisLevel;
  /** The texts that the run loaded. */
  readonly texts: LossSource['texts'];
  /** The limits of the search for fixes; null for no search. */
  readonly budget: SearchBudget | null;
}

/** Findings and verdict with the fixes that help. */
export interface VerifiedResults {
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
  /** Why no fix helps against the verdict; null if one does, or none was tried. */
  readonly refusal: string | null;
  readonly search: SearchReport | null;
}

/**
 * Returns the findings of a run and its verdict with their verified fixes. Ctrl-C ends the verification with the results so
 * far.
 */
export async function verified(
  findings: readonly Finding[],
  verdict: Verdict,
  { plan, limits, diagnosis = 'full', texts, budget }: VerifiedRun,
): Promise<VerifiedResults> {
  const { config } = plan;
  if (!isWorthVerifying(config, findings, verdict, budget !== null))
    return { findings, verdict, refusal: null, search: null };
  const active = new ActiveVerification(
    jobs,
    {
      source: { ...plan.source, texts },
      limits,
      job: { kind: 'verify', config, diagnosis, findings, verdict, budget },
    },
    (done, total) => showProgress(`trying fixes: ${done} of ${total} runs`),
  );
  const { fixes, ofVerdict, search, isComplete } = await whileInterruptible(active.ended, () =>
    active.stop(),
  );
  clearProgress();
  if (!isComplete) warn('not all fixes could be tried; --no-verify prints all of them without trying them');
  return {
    findings: findings.map((finding, i) => withTriedFixes(finding, fixes[i]!, config)),
    verdict: withProposal({ ...verdict, fixes: ofVerdict.fixes }, config.steps),
    refusal: ofVerdict.refusal,
    search,
  };
}
