import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { areAlike } from '../../../src/core/verify/areAlike';

const fix = (patch: RunConfigPatch) => ({ id: '', title: '', patch, verified: null });
const lr = (rate: number) => ({ optimizer: { lr: rate } });

describe('whether two fixes are nearly the same', () => {
  it.each<[boolean, RunConfigPatch, RunConfigPatch]>([
    [true, lr(3e-6), lr(3.2e-6)],
    [false, lr(3e-6), lr(1e-5)],
    [false, lr(0.1), { optimizer: { lr: 0.1, beta2: 0.9 } }],
    [false, lr(0.1), { optimizer: { lr: 0.1, name: 'sgd' } }],
    [false, { optimizer: { beta2: 0.95 } }, { optimizer: { beta2: 0.99 } }],
    [true, { optimizer: { beta2: 0.99 } }, { optimizer: { beta2: 0.991 } }],
    [false, { optimizer: { weightDecay: 0 } }, { optimizer: { weightDecay: 0.1 } }],
    [true, { schedule: null }, { schedule: null }],
    [false, { schedule: null }, { schedule: { name: 'cosine', tMax: 100 } }],
    [
      true,
      { schedule: { name: 'multiStep', milestones: [900], gamma: 0.1 } },
      { schedule: { name: 'multiStep', milestones: [954], gamma: 0.1 } },
    ],
  ])('%s: %j, %j', (wanted, one, other) => {
    expect(areAlike(fix(one), fix(other))).toBe(wanted);
    expect(areAlike(fix(other), fix(one))).toBe(wanted);
  });
});
