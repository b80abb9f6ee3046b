import type { DifferenceAccuracy } from '../core/gradient/differenceAccuracy';
import type { LossEnvironment } from '../loss/environment';
import type { LossProblem } from '../loss/problem';
import type { JobRequest } from '../protocol/jobProcess';
import type { Job, WorkerEvent } from '../protocol/worker';
import type { JobLauncher } from './jobProcesses';

/** An evaluation failed. Contains its problems, each with a message and a place. */
export class EvaluationError extends Error {
  readonly problems: readonly LossProblem[];
  constructor(problems: readonly LossProblem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
  }
}

type EvaluationJob = Extract<Job, { kind: 'gradient' | 'grid' | 'replay' | 'spike' }>;
type Answer<J extends EvaluationJob> = Extract<WorkerEvent, { type: J['kind'] }> & {
  /** The warnings: why the gradient is not exact, for example. */
  readonly problems: readonly LossProblem[];
  /** The accuracy of finite differences; null if they are as accurate as those of a loss in double precision. */
  readonly accuracy: DifferenceAccuracy | null;
  /** With what the loss was evaluated; null if with this interpreter. */
  readonly environment: LossEnvironment | null;
};

/**
 * Runs one evaluation job in a separate process and returns its result.
 *
 * @param signal  stops the evaluation early, which is not reported as a problem
 * @param onProgress  receives the finished and planned parts of a longer one
 * @throws EvaluationError with the problems of the loss
 */
export async function evaluate<J extends EvaluationJob>(
  launcher: JobLauncher,
  request: Omit<JobRequest, 'job'> & { readonly job: J },
  signal?: AbortSignal,
  onProgress?: (done: number, total: number) => void,
): Promise<Answer<J>> {
  let answer: WorkerEvent | undefined;
  const problems: LossProblem[] = [];
  let accuracy: DifferenceAccuracy | null = null;
  let environment: LossEnvironment | null = null;
  const job = launcher.start(request, {
    onEvent(event) {
      if (event.type === request.job.kind || event.type === 'failed') answer = event;
      else if (event.type === 'warning') problems.push(event.problem);
      else if (event.type === 'differenceAccuracy') accuracy = event.accuracy;
      else if (event.type === 'environment') environment = event.environment;
      else if (event.type === 'progress') onProgress?.(event.done, event.total);
    },
  });
  const stop = () => job.stop();
  signal?.addEventListener('abort', stop);
  const ending = await job.ended;
  signal?.removeEventListener('abort', stop);
  if (answer?.type === 'failed') throw new EvaluationError(answer.problems);
  if (answer) return { ...answer, problems, accuracy, environment } as Answer<J>;
  throw new EvaluationError('problem' in ending ? [ending.problem] : []);
}
