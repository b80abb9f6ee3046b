import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunConfigPatch } from '../../src/core/config/runConfig';
import { keyframeBudget } from '../../src/core/keyframePlan';
import { optimizerNames } from '../../src/core/optimizers/registry';
import { discover } from '../../src/loss/discovery/discover';
import { planRun } from '../../src/loss/plan';
import { replayedSteps } from '../../src/runner/replayedSteps';
import { RunJob } from '../../src/runner/runJob';
import { DiskRunFiles } from '../../src/runs/files/diskRunFiles';
import { type Repeat, repeatSteps, type StepRepetition } from '../../src/runs/repeatSteps';
import type { Run } from '../../src/runs/run';
import { RunStore } from '../../src/runs/runStore';
import { folderWith, jobs } from '../support/startRun';

const limits = { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 };

/** Mini-batches and random numbers, so that a step depends on everything that a run has. */
const noisy = `/** @loss @start [1.5, -2, 3] @samples 12 @batch 5 @steps 70 */
export function loss([x, y, z]: number[], { indices, random }: { indices: number[]; random: () => number }) {
  let sum = 0;
  for (const i of indices) sum += (x * Math.sin(i) + y * y * Math.cos(i) + 0.1 * z ** 3 - 1) ** 2;
  return sum / indices.length + 0.01 * random() * (x + z);
}
`;

/** A run that was stored, read by the store of another window, with its steps. */
async function storedRun(text: string, patch: RunConfigPatch): Promise<Run> {
  const folder = folderWith({ 'loss.ts': text });
  const file = path.join(folder, 'loss.ts');
  const [declaration] = discover(text, file, 'named');
  const { config, source, problems } = planRun(declaration!, { below: [], above: [patch] });
  expect(problems).toEqual([]);
  const storeOf = () => {
    const store = new RunStore({
      files: new DiskRunFiles(path.join(folder, 'runs')),
      openSource: (order) => new RunJob(jobs, { ...order, keyframeBudget }),
    });
    onTestFinished(() => store.dispose());
    return store;
  };
  const run = storeOf().start({
    source,
    config,
    lossText: text,
    overrides: {},
    diagnosis: 'off',
    limits,
  });
  await run.finished;
  const later = storeOf();
  expect(await later.restore()).toEqual([]);
  const stored = later.find(run.record.id)!;
  await later.load(stored);
  return stored;
}

/** Makes steps of a run again, and notes from where. */
function repeating(): { readonly repeat: Repeat; readonly done: StepRepetition[] } {
  const done: StepRepetition[] = [];
  return {
    done,
    repeat: (run, repetition, signal) => {
      done.push(repetition);
      return replayedSteps(run, repetition, jobs, limits, signal);
    },
  };
}

const cases: readonly RunConfigPatch[] = [
  ...optimizerNames.map((name): RunConfigPatch => ({ optimizer: { name, lr: 0.01 } })),
  { optimizer: { name: 'adam', lr: 0.01, amsgrad: true, weightDecay: 0.01 }, schedule: { name: 'oneCycle' } },
  { optimizer: { name: 'sgd', lr: 0.01, momentum: 0.9, nesterov: true }, clip: { norm: 1 } },
  { optimizer: { name: 'rmsprop', lr: 0.01, centered: true, momentum: 0.5 }, maximize: true },
  {
    optimizer: { name: 'nadam', lr: 0.01 },
    groups: [{ ranges: [[1, 1]], lr: 0.1, weightDecay: 0.1 }],
    schedule: { name: 'reduceOnPlateau', patience: 1, factor: 0.5 },
  },
  {
    switch: { to: { name: 'sgd', lr: 0.01, momentum: 0.5 }, at: 40 },
    earlyStopping: { patience: 40, minDelta: 0 },
  },
  { precision: 'float16', lossScale: 'dynamic', tolerance: 1e-9 },
];

describe('a run that was stored', () => {
  it.each(cases)(
    'goes on from each keyframe with the same bits: %j',
    async (patch) => {
      const run = await storedRun(noisy, patch);
      for (const step of [17, 34, 50, 67]) {
        const { repeat, done } = repeating();
        const span = { from: step, to: 70, every: 1 };
        const { records } = await repeatSteps(run, span, 1, repeat, new AbortController().signal);
        expect(records.map((record) => record[0])).toEqual(
          Array.from({ length: 70 - step + 1 }, (_, i) => step + i),
        );
        expect(done.map(({ keyframe }) => keyframe?.t)).toEqual([16 * Math.floor((step - 1) / 16)]);
      }
    },
    60_000,
  );

  it('of a loss with a counter is repeated from its start, whose state is repeated too', async () => {
    const counting = `let calls = 0;
/** @loss @start [1, 2] @gradient slope @steps 60 */
export function loss([x, y]: number[]) { return x * x + y * y + 1e-6 * calls++; }
export function slope([x, y]: number[]) { return [2 * x + 1e-9 * calls, 2 * y]; }
`;
    const run = await storedRun(counting, {});
    const { repeat, done } = repeating();
    const span = { from: 50, to: 60, every: 1 };
    const { records } = await repeatSteps(run, span, 1, repeat, new AbortController().signal);
    expect(records).toHaveLength(11);
    expect(done.map(({ keyframe }) => keyframe?.t)).toEqual([48, undefined]);
  });

  it('of a loss that is random on its own is not repeated; the first difference is named', async () => {
    const random = `let draws = Date.now();
/** @loss @start [1, 2] @steps 60 */
export function loss([x, y]: number[]) { return (x - (draws++ % 1e6) * 1e-9) ** 2 + y * y; }
`;
    const run = await storedRun(random, {});
    const { repeat } = repeating();
    const span = { from: 50, to: 60, every: 1 };
    await expect(repeatSteps(run, span, 1, repeat, new AbortController().signal)).rejects.toThrow(
      /^The repetition differs from this run, first at step 1: loss was [\d.e-]+ and is now [\d.e-]+\. The loss has a state/,
    );
  });
});
