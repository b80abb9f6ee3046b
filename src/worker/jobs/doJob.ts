import { LossFailure } from '../../loss/providers/lossFailure';
import type { Job } from '../../protocol/worker';
import { analyse, checkStep } from './analyse';
import { evaluateGradient, evaluateGrid } from './evaluate';
import type { JobEnvironment, JobOf } from './job';
import { replaySteps } from './replay';
import { replaySpikeWith } from './replaySpike';
import { runLoss } from './runLoss';
import { verify } from './verify';

const jobs: {
  readonly [K in Job['kind']]: (environment: JobEnvironment, job: JobOf<K>) => Promise<void>;
} = {
  run: runLoss,
  gradient: evaluateGradient,
  grid: evaluateGrid,
  replay: replaySteps,
  analysis: analyse,
  verify,
  spike: replaySpikeWith,
  optimizerStep: checkStep,
};

/** Runs a job and posts events. Never rejects because of the user's code. */
export async function doJob(environment: JobEnvironment, job: Job): Promise<void> {
  try {
    await jobs[job.kind](environment, job as never);
  } catch (error) {
    const { loader, post } = environment;
    const problems = error instanceof LossFailure ? error.problems : [loader.problemOf(error)];
    post({ type: 'failed', problems, outcome: null });
  }
}
