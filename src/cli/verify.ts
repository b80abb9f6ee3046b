import type { RunConfig } from '../core/config/runConfig';
import type { Finding } from '../core/diagnosis/finding';
import type { LossSource } from '../protocol/worker';
import { ActiveVerification } from '../runner/activeVerification';
import { limitsOf, workerFile } from './prepare';
import { clearProgress, showProgress } from './progress';

/**
 * The findings of a run with the fixes that help, tried. Ctrl-C ends it with what is known by then.
 *
 * @param source  with the texts that the run loaded
 */
export async function verified(
  findings: readonly Finding[],
  config: RunConfig,
  source: LossSource,
  timeout: number | undefined,
): Promise<readonly Finding[]> {
  if (findings.every(({ fixes }) => fixes.length === 0)) return findings;
  const job = { kind: 'verify', config, findings } as const;
  const active = new ActiveVerification(
    { workerFile, source, limits: limitsOf(timeout), job },
    (done, total) => showProgress(`trying fixes: ${done} of ${total} runs`),
  );
  const stop = () => active.stop();
  process.once('SIGINT', stop);
  const { fixes, isComplete } = await active.ended;
  process.removeListener('SIGINT', stop);
  clearProgress();
  if (!isComplete)
    console.error('adamscope: not every fix could be tried; --no-verify prints them all, untried');
  return findings.map((finding, i) => ({ ...finding, fixes: fixes[i]! }));
}
