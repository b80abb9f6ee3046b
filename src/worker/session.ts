import path from 'node:path';
import type { GradientMode } from '../core/config/runConfig';
import type { LossSource } from '../loss/source';
import { ControlWorker } from '../protocol/control';
import type { Job, WorkerStart } from '../protocol/worker';
import { installBoundedConsole } from './boundedConsole';
import { analyse, checkStep } from './jobs/analyse';
import { evaluateGradient, evaluateGrid } from './jobs/evaluate';
import type { JobOf, Post, Setting } from './jobs/job';
import { runLoss } from './jobs/runLoss';
import { verify } from './jobs/verify';
import { lossAtWork } from './lossAtWork';
import { JobFailure, type Locate, problemOf } from './problems';

const jobs: { readonly [K in Job['kind']]: (setting: Setting, job: JobOf<K>) => Promise<void> } = {
  run: runLoss,
  gradient: evaluateGradient,
  grid: evaluateGrid,
  analysis: analyse,
  verify,
  optimizerStep: checkStep,
};

/** Does the job of a worker thread and tells of it by events; never rejects for anything that the user's code does. */
export async function perform(start: WorkerStart, post: Post): Promise<void> {
  const { source, job } = start;
  const control = new ControlWorker(start.control);
  const locators: Locate[] = [];
  const locate: Locate = (error) => {
    for (const each of locators) {
      const place = each(error);
      if (place) return place;
    }
    return null;
  };
  watchConsole(source, post, locate);
  const failLate = (error: unknown) =>
    post({ type: 'failed', problems: [problemOf(error, source, locate)], outcome: null });
  process.on('uncaughtException', failLate);
  process.on('unhandledRejection', failLate);
  try {
    const withGradientMode = (gradientMode: GradientMode, directory: string) =>
      lossAtWork({
        source,
        config: { ...job.config, gradientMode },
        directory,
        control,
        post,
        onLoaded: (module) => locators.push(module.locate),
      });
    const loss = await withGradientMode(
      needsGradient(job) ? job.config.gradientMode : 'finite-difference',
      start.directory,
    );
    const setting: Setting = {
      ...loss,
      source,
      withGradientMode: (mode) => withGradientMode(mode, path.join(start.directory, mode)),
      locate,
      control,
      post,
    };
    await jobs[job.kind](setting, job as never);
  } catch (error) {
    const problems = error instanceof JobFailure ? error.problems : [problemOf(error, source, locate)];
    post({ type: 'failed', problems, outcome: null });
  }
}

function needsGradient({ kind }: Job): boolean {
  return kind !== 'grid' && kind !== 'optimizerStep';
}

function watchConsole(source: LossSource, post: Post, locate: Locate): void {
  installBoundedConsole({
    line: (text) => post({ type: 'console', lines: [text] }),
    flooded(limit) {
      const place = locate(new Error('console'));
      post({
        type: 'warning',
        problem: {
          code: 'console-flood',
          severity: 'warning',
          message: `${source.lossName} wrote more than ${limit} lines to the console; the rest is dropped`,
          location: place?.location ?? source.location,
        },
      });
    },
  });
}
