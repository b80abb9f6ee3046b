import { describe, expect, it } from 'vitest';
import { recordLength, recordOffset } from '../../../src/core/trace/layout';
import { Quantities } from '../../../src/core/trace/quantities';
import {
  configOfRecording,
  derivationOfRecording,
  hasFormulas,
  layoutOfRecording,
} from '../../../src/recordings/derivation';
import { readRecording, tensorOf } from '../../../src/recordings/recording';
import { configOfGroup } from '../../../src/recordings/torchOptimizer';
import { recording } from './support';

describe('the optimizer of a recording', () => {
  const group = { lr: 0.01, betas: [0.8, 0.99], eps: 1e-6, weight_decay: 0.1, amsgrad: true };

  it('has the options of torch by our names', () => {
    expect(configOfGroup('torch.optim.adamw', 'AdamW', group)!.optimizer).toMatchObject({
      name: 'adamw',
      lr: 0.01,
      beta1: 0.8,
      beta2: 0.99,
      eps: 1e-6,
      weightDecay: 0.1,
      amsgrad: true,
    });
    expect(
      configOfGroup('torch.optim.sgd', 'SGD', { lr: 1, momentum: 0.9, nesterov: true })!.optimizer,
    ).toMatchObject({
      momentum: 0.9,
      nesterov: true,
    });
  });

  it('is AdamW where Adam decouples its decay, and unknown where no variant of ours does', () => {
    const decoupled = { ...group, decoupled_weight_decay: true };
    expect(configOfGroup('torch.optim.adam', 'Adam', decoupled)!.optimizer.name).toBe('adamw');
    expect(configOfGroup('torch.optim.nadam', 'NAdam', decoupled)).toBeNull();
  });

  it('is unknown if it is not of torch, or of a class without formulas', () => {
    expect(configOfGroup('mine', 'Adam', group)).toBeNull();
    expect(configOfGroup('torch.optim.lbfgs', 'LBFGS', group)).toBeNull();
  });
});

describe('what is derived from a recording', () => {
  const layout = layoutOfRecording(recording, ['age']);
  const quantities = new Quantities(layout, configOfRecording(recording), derivationOfRecording(recording));

  it('uses the options and the learning rate of the group of each coordinate, and the age of the state', () => {
    const data = new Float64Array(recordLength(layout)).fill(Number.NaN);
    const [age, v] = [7, 4];
    data[0] = 1;
    data[5] = age;
    const last = layout.coordinates.length - 1;
    data[recordOffset(layout, 'v') + last] = v;
    data[recordOffset(layout, 'lr') + last] = 0.5;
    const expected = 0.5 / (Math.sqrt(v / (1 - 0.99 ** age)) + 1e-6);
    const lr = quantities.reader('effectiveLr', last)(data, 0);
    // Three operations and a power round once each.
    expect(Math.abs(lr / expected - 1)).toBeLessThan(8 * Number.EPSILON);
  });

  it('has no sums over coordinates: most are not recorded', () => {
    for (const name of ['rms', 'updateNorm', 'predictedChange', 'actualChange'] as const)
      expect(quantities.has(name)).toBe(false);
    expect(quantities.has('clipFactor')).toBe(true);
  });

  it('is what is recorded, if the optimizer is unknown', () => {
    const unknown = { ...recording, optimizer: 'Lion', module: 'lion', states: [] };
    expect(hasFormulas(unknown)).toBe(false);
    const own = new Quantities(
      layoutOfRecording(unknown, []),
      configOfRecording(unknown),
      derivationOfRecording(unknown),
    );
    expect(own.has('absUpdate')).toBe(true);
    for (const name of ['effectiveLr', 'mHat', 'epsShare', 'updateOverBound'] as const)
      expect(own.has(name)).toBe(false);
  });
});

describe('the head of a recording', () => {
  const plain = JSON.parse(JSON.stringify(recording));

  it('is read', () => {
    expect(readRecording(plain)).toEqual(recording);
    expect([0, 11, 12, 14].map((c) => tensorOf(recording, c))).toEqual([0, 0, 1, 1]);
  });

  it.each([
    ['a tensor outside the parameters', { dim: 14 }],
    ['a group that is not there', { groups: [{}] }],
    ['coordinates that do not ascend', { coordinates: [5, 5] }],
    ['no tensors', { tensors: null }],
  ])('is refused with %s', (_, change) => {
    expect(readRecording({ ...plain, ...change })).toMatch(/^its head is damaged: /);
  });
});
