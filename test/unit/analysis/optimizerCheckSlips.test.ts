import { describe, expect, it } from 'vitest';
import { Agreement } from '../../../src/core/analysis/optimizerCheck/agreement';
import { type GradientSequence, sequencesFor } from '../../../src/core/analysis/optimizerCheck/sequences';
import { adagradStep, adagradText } from '../../../src/core/analysis/optimizerCheck/slips/adagradSlips';
import { adamStep, adamText } from '../../../src/core/analysis/optimizerCheck/slips/adamText';
import { rmspropStep, rmspropText } from '../../../src/core/analysis/optimizerCheck/slips/rmspropSlips';
import { sgdStep, sgdText } from '../../../src/core/analysis/optimizerCheck/slips/sgdSlips';
import { slipsOf } from '../../../src/core/analysis/optimizerCheck/slips/slipsOf';
import {
  type MakeStep,
  type Options,
  pointsOf,
  referenceStep,
} from '../../../src/core/analysis/optimizerCheck/stepper';
import { optionsOf, resolveConfig } from '../../../src/core/config/resolve';
import type { OptimizerConfig } from '../../../src/core/config/runConfig';
import { optimizers } from '../../../src/core/optimizers/registry';

type Patch = Readonly<Record<string, number | boolean | string>>;
type Paths = readonly (readonly Float64Array[])[];

function referenceOf(optimizer: Patch): OptimizerConfig {
  const { config, problems } = resolveConfig([{ optimizer }]);
  expect(problems).toEqual([]);
  return config.optimizer;
}

function pathsOf(make: MakeStep, options: Options): Paths {
  return sequencesFor((options.eps as number | undefined) ?? 0).map((sequence) => pointsOf(make, sequence));
}

function agree(a: Paths, b: Paths, options: Options): boolean {
  return a.every((path, k) => new Agreement(path, options).parting(b[k]!) === null);
}

const texts: Readonly<Record<string, (name: OptimizerConfig['name'], options: Options) => MakeStep>> = {
  adam: ofAdam,
  adamw: ofAdam,
  sgd: (_name, options) => sgdStep(sgdText(options), options),
  rmsprop: (_name, options) => rmspropStep(rmspropText(options), options),
  adagrad: (_name, options) => adagradStep(adagradText(options), options),
};

function ofAdam(name: OptimizerConfig['name'], options: Options): MakeStep {
  const { decay, l2 } = optimizers[name];
  const weights = { decay: decay(options.lr as number, options), l2: l2(options) };
  return adamStep(adamText(options, weights), options);
}

const rich = { lr: 0.01, beta1: 0.8, beta2: 0.97, weightDecay: 0.1 };

describe('the texts of the optimizers into which errors are inserted', () => {
  it.each<Patch>([
    { name: 'adam' },
    ...['torch', 'optax', 'keras', 'paper'].flatMap((dialect) => [
      { name: 'adam', dialect, ...rich },
      { name: 'adam', dialect, ...rich, amsgrad: true },
      { name: 'adamw', dialect, ...rich },
      { name: 'adamw', dialect, ...rich, amsgrad: true },
    ]),
    { name: 'sgd', weightDecay: 0.1 },
    { name: 'sgd', momentum: 0.8, dampening: 0.3, weightDecay: 0.1 },
    { name: 'sgd', momentum: 0.8, nesterov: true },
    { name: 'rmsprop' },
    { name: 'rmsprop', centered: true, momentum: 0.7, weightDecay: 0.1 },
    { name: 'adagrad' },
    { name: 'adagrad', lrDecay: 0.1, initialAccumulatorValue: 0.2, weightDecay: 0.1 },
  ])('equal the reference without an error: %j', (patch) => {
    const { name, ...rest } = referenceOf(patch);
    const options = rest as Options;
    const own = pathsOf(texts[name]!(name, options), options);
    expect(agree(pathsOf(referenceStep({ name, ...rest }), options), own, options)).toBe(true);
  });
});

describe('the gradient sequences', () => {
  // With the exclusive or, and with exchanged base and exponent, no step is finite.
  const adamTies = [
    ['correction-without-power', 't-stuck'],
    ['correction-power-swapped', 'correction-of-xor'],
  ];
  // The maximum of AMSGrad is far above eps after the first gradients.
  const amsgradTies = [
    ...adamTies,
    ['eps-squared', 'eps-as-maximum'],
    ['eps-as-maximum', 'other-eps'],
    ['eps-squared', 'other-eps'],
  ];
  const memoryTies = [['state-forgotten', 'state-and-t-forgotten']];

  it.each<[Patch, string[][]]>([
    [{ name: 'adam' }, adamTies],
    [{ name: 'adam', ...rich, amsgrad: true }, amsgradTies],
    [{ name: 'adamw', ...rich }, adamTies],
    [{ name: 'adam', ...rich, dialect: 'keras' }, adamTies],
    [
      { name: 'sgd', lr: 0.01, momentum: 0.8, dampening: 0.3, weightDecay: 0.1 },
      [
        ['t-stuck', 'state-and-t-forgotten'],
        ['t-stuck', 'no-momentum'],
        ['state-and-t-forgotten', 'no-momentum'],
      ],
    ],
    [
      { name: 'sgd', lr: 0.01, momentum: 0.8, nesterov: true },
      [['t-stuck', 'state-forgotten'], ['t-stuck', 'state-and-t-forgotten'], ...memoryTies],
    ],
    [{ name: 'rmsprop' }, memoryTies],
    [{ name: 'rmsprop', centered: true, momentum: 0.7, weightDecay: 0.1 }, memoryTies],
    [
      { name: 'adagrad', lrDecay: 0.1, initialAccumulatorValue: 0.2, weightDecay: 0.1 },
      // 1e-16 is negligible compared with a sum of at least 0.2.
      [
        ['t-stuck', 'other-lrDecay'],
        ['no-eps', 'other-eps'],
      ],
    ],
    [{ name: 'adamax' }, []],
    [{ name: 'nadam' }, []],
    [{ name: 'radam' }, []],
    [{ name: 'adabelief', weightDecay: 0.1 }, []],
  ])('distinguish all errors of %j that are not equivalent', (patch, ties) => {
    const reference = referenceOf(patch);
    const options = optionsOf(reference);
    const expected = pathsOf(referenceStep(reference), options);
    const [{ gradients }] = sequencesFor((options.eps as number | undefined) ?? 0) as [GradientSequence];
    const slips = slipsOf(reference, { points: expected[0]!, gradients, coordinate: 0 })
      .filter(({ code }) => !code.startsWith('dialect-') && !Object.hasOwn(optimizers, code.slice(3)))
      .map(({ code, make }) => ({ code, paths: pathsOf(make, options) }))
      .filter(({ paths }) => !agree(expected, paths, options));
    const found: string[][] = [];
    for (const [j, b] of slips.entries())
      for (const a of slips.slice(0, j))
        if (a.code !== b.code && agree(a.paths, b.paths, options)) found.push([a.code, b.code]);
    const pairs = [...new Set(found.map((pair) => pair.join(' = ')))];
    expect(pairs.sort()).toEqual(ties.map((pair) => pair.join(' = ')).sort());
    expect(slips.length).toBeGreaterThan(15);
  });
});
