import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DiskCache } from '../loss/disk/diskCache';
import { editedSource } from '../loss/editedSource';
import type { LoaderContext, LossLoader } from '../loss/providers/lossProvider';
import { lossProviders, openLoader } from '../loss/providers/registry';
import type { LossSource } from '../loss/source';
import { ControlWorker } from '../protocol/control';
import type { WorkerStart } from '../protocol/worker';
import { ascendingLoader } from './ascendingLoader';
import { type BoundedConsole, installBoundedConsole } from './boundedConsole';
import { JobResult } from './jobResult';
import { doJob } from './jobs/doJob';
import type { Post } from './jobs/job';

/** Runs the job of a worker thread and posts events. Never rejects because of the user's code. */
export async function perform(start: WorkerStart, post: Post): Promise<void> {
  const { source, job } = start;
  const control = new ControlWorker(start.control);
  let printed: BoundedConsole | null = null;
  const providers = lossProviders();
  const context: LoaderContext = {
    directory: path.join(start.directory, 'own'),
    cache: start.cache === null ? null : new DiskCache(start.cache, ownBuild),
    enter: () => control.enterUserCode(),
    leave: () => control.leaveUserCode(),
    silence: () => printed?.silence() ?? (() => {}),
    isSilent: () => printed?.isSilent ?? false,
    isBeside: false,
    onProcess: (pid) => post({ type: 'process', pid }),
    onEnvironment: (environment) => post({ type: 'environment', environment }),
    report: (problem) => post({ type: 'warning', problem }),
    onGradientMethod: (mode) => post({ type: 'gradientMode', mode }),
    onDifferenceAccuracy: (accuracy) => post({ type: 'differenceAccuracy', accuracy }),
  };
  const loader = ascendingLoader(openLoader(source, context, providers));
  const silentLoader = (of: LossSource, folder: string, isBeside: boolean) =>
    ascendingLoader(
      openLoader(
        of,
        {
          ...context,
          directory: path.join(start.directory, folder),
          isBeside,
          onEnvironment: () => {},
          report: () => {},
          onGradientMethod: () => {},
          onDifferenceAccuracy: () => {},
        },
        providers,
      ),
    );
  let edits = 0;
  printed = watchConsole(source, post, loader);
  const result = new JobResult(post, (error) => loader.problemOf(error));
  process.on('uncaughtException', (error) => result.fail(error));
  process.on('unhandledRejection', (reason) => result.fail(reason));
  await doJob(
    {
      source,
      loader,
      besideLoader: silentLoader(source, 'beside', true),
      edited(edit) {
        const of = editedSource(source, edit);
        if (!of) return null;
        const folder = `edited${++edits}`;
        return {
          loader: silentLoader(of, folder, false),
          besideLoader: silentLoader(of, `${folder}beside`, true),
        };
      },
      silence: context.silence,
      control,
      post: (message) => result.take(message),
    },
    job,
  );
  await result.send();
}

function watchConsole(source: LossSource, post: Post, loader: LossLoader): BoundedConsole {
  return installBoundedConsole({
    line: (text) => post({ type: 'console', lines: [text] }),
    flooded(limit) {
      const place = loader.placeOf(new Error('console'));
      post({
        type: 'warning',
        problem: {
          code: 'console-flood',
          severity: 'warning',
          message: `${source.lossName} wrote more than ${limit} lines to the console; further lines are not shown`,
          location: place?.location ?? source.location,
        },
      });
    },
  });
}

/** The build of the code of this thread, which is one bundle. */
function ownBuild(): string {
  return createHash('sha256').update(readFileSync(__filename)).digest('hex');
}
