import { describe, expect, it } from 'vitest';
import { changed } from '../../../../src/core/analysis/recordedRun';
import { baseLr } from '../../../../src/core/config/readOptions';
import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { Attempt } from '../../../../src/core/verify/search/attempt';
import { fixBetween, sizeOfChange } from '../../../../src/core/verify/search/configDifference';
import { familiesOf, neighboursOf, withCosine, withLr } from '../../../../src/core/verify/search/searchSpace';
import { runPatch } from '../../../support/run';
import { bowl, linearRegression, rosenbrock } from '../../diagnosis/support/problems';

const patches: readonly RunConfigPatch[] = [
  {},
  { optimizer: { name: 'sgd', lr: 0.1 }, steps: 50 },
  { optimizer: { name: 'adamw', lr: 0.1, weightDecay: 0.1 }, schedule: { name: 'step', stepSize: 10 } },
  { optimizer: { name: 'sgd', lr: 1, momentum: 0.9 }, schedule: { name: 'oneCycle', maxLr: 0.3 } },
  { optimizer: { name: 'rmsprop', lr: 0.1 }, clip: { norm: 1 }, schedule: { name: 'cosine', tMax: 70 } },
  { switch: { to: 'sgd', at: 30 }, steps: 100 },
];

describe('the configurations of a search', () => {
  it.each(patches)('are reached by the fixes that name them: %j', (patch) => {
    const { config } = resolveConfig([patch]);
    const tried = [config, ...familiesOf(config).map((family) => family.config)].flatMap((each) => [
      each,
      ...neighboursOf(each),
      ...neighboursOf(each).flatMap(neighboursOf),
    ]);
    expect(tried.length).toBeGreaterThan(100);
    for (const each of tried) {
      expect(each.steps).toBe(config.steps);
      if (JSON.stringify(each) === JSON.stringify(config)) continue;
      // A switch to another optimizer is part of the user's configuration and is not changed by a fix.
      if (config.switch && !each.switch) continue;
      const fix = fixBetween(config, each);
      expect(fix, JSON.stringify(each)).not.toBeNull();
      expect(changed(config, fix!.patch)).toEqual(each);
      expect(fix!.title).not.toMatch(/undefined|NaN|, ,/);
    }
  });

  it('have titles that name each change', () => {
    const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 0.1 }, steps: 200 }]);
    const titleOf = (patch: RunConfigPatch) => fixBetween(config, changed(config, patch)!)?.title;
    expect(titleOf({ optimizer: { lr: 0.02 } })).toBe('lr 0.02');
    expect(titleOf({ optimizer: { lr: 0.02, momentum: 0.9 } })).toBe('lr 0.02, momentum 0.9');
    expect(titleOf({ optimizer: { name: 'adam', lr: 0.02, beta2: 0.99 } })).toBe('adam lr 0.02, beta2 0.99');
    expect(titleOf({ schedule: { name: 'cosine', tMax: 200 } })).toBe('cosine decay of lr');
    expect(titleOf({})).toBeUndefined();
    const size = (to: typeof config) => sizeOfChange(fixBetween(config, to)!, config);
    const [near, far] = [3, 30].map((by) => withLr(config, by * baseLr(config))!) as [
      typeof config,
      typeof config,
    ];
    expect(Math.floor(size(near))).toBe(1);
    expect(Math.floor(size(withCosine(near)!))).toBe(2);
    expect(size(near)).toBeLessThan(size(far));
  });

  it('keep the weight decay of the user, decoupled if it was', () => {
    const optimizersOf = (optimizer: RunConfigPatch['optimizer'] & {}) =>
      familiesOf(resolveConfig([{ optimizer }]).config).map(({ config: { optimizer } }) => optimizer);
    for (const { name, weightDecay } of optimizersOf({ name: 'adamw', lr: 0.1, weightDecay: 0.3 })) {
      expect(weightDecay).toBe(0.3);
      expect(name).not.toBe('adam');
    }
    for (const { name } of optimizersOf({ name: 'sgd', lr: 0.1, weightDecay: 0.3 }))
      expect(name).not.toBe('adamw');
  });

  it('begin with the learning rate of the user', () => {
    const { config } = resolveConfig([{ optimizer: { name: 'adam', lr: 3e-5 } }]);
    const [own, ...others] = familiesOf(config);
    expect(own).toEqual({ config });
    for (const { config: other } of others)
      expect(baseLr(other)).toBe(other.optimizer.name === 'adam' ? 3e-5 : 0.01);
  });
});

describe('an attempt', () => {
  const setting = (of: typeof linear) => ({
    start: Float64Array.from(of.start),
    startLoss: of === linear ? 10 : 24.2,
    validation: null,
    isContextual: false,
    objective: async () => of.objective,
    goesOn: () => true,
  });
  const linear = linearRegression(1, 60, 4, 0.2);

  it.each<[string, typeof linear, RunConfigPatch]>([
    ['whole losses', rosenbrock(), { optimizer: { name: 'adam', lr: 0.01 }, steps: 300 }],
    [
      'mini-batches',
      linear,
      { optimizer: { name: 'sgd', lr: 0.01, momentum: 0.9 }, samples: 60, batch: 9, steps: 300 },
    ],
  ])('that stops and continues reaches what one run reaches: %s', async (_name, of, patch) => {
    const { config } = resolveConfig([patch]);
    const attempt = new Attempt(setting(of), config);
    for (const to of [20, 77, 78, 300]) expect(await attempt.advance(to)).toBe(true);
    const outcome = await runPatch(of.objective, of.start, patch);
    expect(attempt.score).toBe(outcome.final.loss);
    expect(attempt.t).toBe(300);
  });

  it('is hopeless if its loss leaps far above the start, wherever it comes down', async () => {
    const { config } = resolveConfig([{ optimizer: { name: 'rmsprop', lr: 1e5 }, steps: 12 }]);
    const attempt = new Attempt({ ...setting(bowl([2, 6], [4, -3])), startLoss: 43 }, config);
    await attempt.advance(12);
    expect(attempt.score).toBe(Number.POSITIVE_INFINITY);
  });

  it('that diverges is hopeless, and makes no more steps', async () => {
    const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 1 }, steps: 300 }]);
    const attempt = new Attempt(setting(rosenbrock()), config);
    await attempt.advance(100);
    expect(attempt.isHopeless).toBe(true);
    expect(attempt.score).toBe(Number.POSITIVE_INFINITY);
    expect(attempt.t).toBeLessThan(20);
    await attempt.advance(300);
    expect(attempt.t).toBeLessThan(20);
  });
});
