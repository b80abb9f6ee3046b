import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { resolveConfig } from '../core/config/resolve';
import type { LoaderContext } from '../loss/providers/lossProvider';
import { lossProviders, openLoader } from '../loss/providers/registry';
import type { LossSource } from '../loss/source';
import { ControlHost, ControlWorker, createControl } from '../protocol/control';
import { runLoss } from './jobs/runLoss';

/** A small loss of our own, with what most losses consist of. */
const text = `const data: readonly (readonly [number, number])[] = [[0, 1], [1, 3], [2, 5]];
export function loss([a, b]: number[]): number {
  let sum = 0;
  for (const [x, y] of data) {
    const error = a * x + b - y;
    sum += error ** 2 / (1 + Math.exp(-x));
  }
  return sum / data.length;
}
`;
const steps = 20;

/** A rehearsal in progress. */
export interface Rehearsal {
  /** Settles when it has ended. Never rejects. */
  readonly ended: Promise<void>;
  /** Ends it before its next step. */
  stop(): void;
}

/**
 * Runs a loss of our own once, as a job would, while the thread waits for its job. The engine compiles a function when it is
 * first called, and makes it faster when it is called again, so the job takes less time afterwards. Nothing of the user's is
 * read or run, and nothing is posted.
 *
 * @param directory  an empty folder, which is removed
 */
export function rehearse(directory: string): Rehearsal {
  const memory = createControl(false);
  const control = new ControlWorker(memory);
  const file = path.join(directory, 'rehearsal.ts');
  const source: LossSource = {
    language: 'javascript',
    file,
    exportName: 'loss',
    lossName: 'loss',
    location: { file, line: 2, column: 17, endLine: 2, endColumn: 21 },
    parameterName: null,
    form: { vector: { kind: 'array' }, context: false },
    startExport: null,
    gradient: null,
    validation: null,
    texts: [],
  };
  const providers = lossProviders();
  const loaderIn = (folder: string) =>
    openLoader(source, contextIn(path.join(directory, folder), control), providers);
  const run = async () => {
    try {
      writeFileSync(file, text);
      await runLoss(
        {
          source,
          loader: loaderIn('own'),
          besideLoader: loaderIn('beside'),
          edited: () => null,
          silence,
          control,
          post: () => {},
        },
        {
          kind: 'run',
          config: resolveConfig([{ start: [3, -1], steps }]).config,
          recordBudget: 2 ** 20,
          keyframeBudget: 2 ** 20,
          diagnosis: 'full',
        },
      );
    } catch {
      // Without a rehearsal, a job only takes longer.
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  };
  return { ended: run(), stop: () => new ControlHost(memory).stop() };
}

const silence = () => () => {};

function contextIn(directory: string, control: ControlWorker): LoaderContext {
  return {
    directory,
    cache: null,
    enter: () => control.enterUserCode(),
    leave: () => control.leaveUserCode(),
    silence,
    isSilent: () => false,
    isBeside: false,
    onProcess: () => {},
    onEnvironment: () => {},
    report: () => {},
    onGradientMethod: () => {},
    onDifferenceAccuracy: () => {},
  };
}
