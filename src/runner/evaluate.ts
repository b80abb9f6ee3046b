import type { Job, LossProblem, WorkerEvent } from '../protocol/worker';
import { type JobRequest, WorkerJob } from './workerJob';

/** A job that failed: its problems, each one clear and located. */
export class EvaluationError extends Error {
  readonly problems: readonly LossProblem[];
  constructor(problems: readonly LossProblem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
  }
}

type EvaluationJob = Extract<Job, { kind: 'gradient' | 'grid' }>;
type Answer<J extends EvaluationJob> = Extract<WorkerEvent, { type: J['kind'] }>;

/**
 * Does one evaluation job in a worker of its own and gives its answer.
 *
 * @throws EvaluationError with what is wrong with the loss
 */
export async function evaluate<J extends EvaluationJob>(
  request: Omit<JobRequest, 'job'> & { readonly job: J },
): Promise<Answer<J>> {
  let answer: WorkerEvent | undefined;
  const job = new WorkerJob(request, {
    onEvent(event) {
      if (event.type === request.job.kind || event.type === 'failed') answer = event;
    },
    onPoll: () => false,
    ownBytes: () => 0,
  });
  const ending = await job.ended;
  if (answer?.type === 'failed') throw new EvaluationError(answer.problems);
  if (answer) return answer as Answer<J>;
  throw new EvaluationError('problem' in ending ? [ending.problem] : []);
}
