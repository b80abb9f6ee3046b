import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { EpochView } from '../../../src/core/runLoop';
import { agreesUntil } from '../../../src/core/verify/agreement';
import { BaselineRun } from '../../../src/core/verify/baselineRun';
import { runPatch } from '../../support/run';
import { linearRegression, network, type Problem, rosenbrock } from '../diagnosis/support/problems';
import { settingOf } from './support/verified';

const configOf = (...layers: RunConfigPatch[]) => resolveConfig(layers).config;
const milestone = { schedule: { name: 'multiStep', milestones: [130], gamma: 0.1 } };

const ways: readonly (readonly [string, Problem, RunConfigPatch, boolean])[] = [
  ['whole losses', rosenbrock(), { optimizer: { name: 'adam', lr: 0.1 }, steps: 600 }, false],
  [
    'mini-batches, in the middle of an epoch',
    linearRegression(1, 100, 5, 0.3),
    { optimizer: { name: 'adam', lr: 0.05 }, samples: 100, batch: 8, steps: 600 },
    false,
  ],
  [
    'a validation loss',
    network(1, 40, 4),
    {
      optimizer: { name: 'sgd', lr: 0.2, momentum: 0.9 },
      samples: 40,
      batch: 10,
      steps: 400,
      validation: 'v',
    },
    true,
  ],
  [
    'early stopping, clipping and a dynamic scale',
    linearRegression(2, 100, 5, 0.3),
    {
      optimizer: { name: 'nadam', lr: 0.05 },
      samples: 100,
      batch: 20,
      steps: 600,
      clip: { norm: 1 },
      precision: 'float16',
      lossScale: 'dynamic',
      earlyStopping: { patience: 60 },
    },
    false,
  ],
];

describe('a candidate that continues from the step where it starts to differ', () => {
  it.each(ways)(
    'has the same result and findings as its run from the start: %s',
    async (_name, problem, patch, validates) => {
      const validation: Problem['objective']['value'] | null = validates
        ? (params, open) =>
            problem.objective.value(
              params.map((x) => x + 0.01),
              open,
            )
        : null;
      const setting = settingOf(problem, { validation });
      const config = configOf(patch);
      const candidate = { config: configOf(patch, milestone), edit: null, agreesUntil: 130 };
      expect(agreesUntil(config, candidate.config)).toBe(130);
      const forked = new BaselineRun(setting, config, [candidate], () => true);
      const plain = new BaselineRun(setting, config, [], () => true);
      expect(await forked.baseline()).toEqual(await plain.baseline());
      const trial = await forked.trial(candidate);
      expect(trial).toEqual(await plain.trial(candidate));
      expect(trial).not.toBeNull();

      const losses: number[] = [];
      const epochs: EpochView[] = [];
      const outcome = await runPatch(
        problem.objective,
        problem.start,
        { ...patch, ...milestone },
        { onStep: ({ loss }) => void losses.push(loss), onEpoch: (epoch) => void epochs.push(epoch) },
        validation,
      );
      expect(trial).toMatchObject({ outcome });
      const watched = epochs.length > 0 ? epochs.map((epoch) => epoch.watched) : losses;
      const tenth = Math.max(5, Math.min(64, Math.ceil(watched.length / 10)));
      // The final loss is an additional value, unless an epoch ends there.
      if (!validates && epochs.at(-1)?.t !== outcome.steps) watched.push(outcome.final.loss);
      const last = watched.slice(-tenth).sort((a, b) => a - b);
      const [low, high] = [last[(last.length - 1) >> 1]!, last[last.length >> 1]!];
      expect(trial).toMatchObject({ level: (low + high) / 2 });
    },
  );
});

describe('the number of steps for which two configurations agree', () => {
  const plain: RunConfigPatch = { optimizer: { name: 'adam', lr: 0.1 }, steps: 100 };
  it.each<[string, RunConfigPatch, RunConfigPatch, number]>([
    ['themselves', plain, {}, 100],
    ['a milestone', plain, { schedule: { name: 'multiStep', milestones: [40] } }, 40],
    ['no schedule and a constant one', plain, { schedule: { name: 'constant' } }, 100],
    ['a decay from the start', plain, { schedule: { name: 'exponential', gamma: 0.99 } }, 1],
    ['a warmup', plain, { schedule: { name: 'linear', startFactor: 0.1, totalIters: 10 } }, 0],
    ['another optimizer', plain, { optimizer: { name: 'nadam', lr: 0.1 } }, 0],
    ['another seed', plain, { seed: 1 }, 0],
    ['a schedule that follows the loss', plain, { schedule: { name: 'reduceOnPlateau' } }, 0],
    ['a schedule that cycles beta1', plain, { schedule: { name: 'oneCycle', divFactor: 1 } }, 0],
    [
      'two staircases',
      { ...plain, schedule: { name: 'multiStep', milestones: [20, 60] } },
      { schedule: { milestones: [20, 50] } },
      50,
    ],
  ])('%s', (_name, one, patch, until) => {
    const config = configOf(one);
    expect(agreesUntil(config, configOf(config as RunConfigPatch, patch))).toBe(until);
  });
});
