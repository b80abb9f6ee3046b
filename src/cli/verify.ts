import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { Finding } from '../core/diagnosis/finding';
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
}

/**
 * Returns the findings of a run with their verified fixes. Ctrl-C ends the verification with the results so
 * far.
 */
export async function verified(
  findings: readonly Finding[],
  { plan, limits, diagnosis = 'full', texts }: VerifiedRun,
): Promise<readonly Finding[]> {
  if (findings.every(({ fixes }) => fixes.length === 0)) return findings;
  const { config } = plan;
  const active = new ActiveVerification(
    jobs,
    {
      source: { ...plan.source, texts },
      limits,
      job: { kind: 'verify', config, diagnosis, findings },
    },
    (done, total) => showProgress(`trying fixes: ${done} of ${total} runs`),
  );
  const { fixes, isComplete } = await whileInterruptible(active.ended, () => active.stop());
  clearProgress();
  if (!isComplete) warn('not all fixes could be tried; --no-verify prints all of them without trying them');
  return findings.map((finding, i) => ({ ...finding, fixes: fixes[i]! }));
}
