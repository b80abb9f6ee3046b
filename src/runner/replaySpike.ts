import type { Finding } from '../core/diagnosis/finding';
import type { Plan } from '../loss/plan';
import type { JobLimits } from '../protocol/jobProcess';
import { spikePlan } from '../recordings/spikePlan';
import { type ReplayWords, replayWords } from '../recordings/spikeWords';
import { spikeRecord } from '../runs/recordings/spikeRecord';
import { evaluate } from './evaluate';
import type { JobLauncher } from './jobProcesses';

/** A spike in a recording, and the loss to make its steps again with. */
export interface SpikeRequest {
  /** The recording. */
  readonly file: string;
  readonly finding: Finding;
  readonly loss: Pick<Plan, 'source' | 'config'>;
  readonly limits: JobLimits;
}

/**
 * Makes the steps around a spike of a recorded training again in a separate process, unchanged and with changes.
 *
 * @returns null if it was stopped; the words say why if nothing could be tried
 * @throws EvaluationError with the problems of the loss
 */
export async function replaySpikeOf(
  launcher: JobLauncher,
  { file, finding, loss: { source, config }, limits }: SpikeRequest,
  signal?: AbortSignal,
  onProgress?: (done: number, total: number) => void,
): Promise<ReplayWords | null> {
  const nothing = (summary: string): ReplayWords => ({ summary, unchanged: null, tried: [] });
  const record = await spikeRecord(file, finding);
  if (typeof record === 'string') return nothing(`The recording cannot be read: ${record}.`);
  const plan = spikePlan(finding, record, config);
  if (typeof plan === 'string') return nothing(plan);
  const job = { kind: 'spike', ...plan } as const;
  const { replay } = await evaluate(launcher, { source, limits, job }, signal, onProgress);
  return replay && replayWords(replay, source.lossName, plan.config);
}
