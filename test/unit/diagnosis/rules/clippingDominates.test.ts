import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { RuleBench } from '../support/ruleBench';
import { endWithGain, farEnd } from '../support/runEnds';

const nearlyAll = 0.9;
const strong = 0.1;

const bench = (patch: RunConfigPatch = {}) =>
  new RuleBench('clipping-dominates', {
    optimizer: { name: 'sgd', lr: 0.1 },
    clip: { norm: 0.1 },
    steps: 100,
    ...patch,
  });

/** 100 steps, of which so many are clipped to `factor`. */
const clipped = (count: number, factor: number, run = bench()) =>
  run.steps(100, (k) => ({ loss: 5, grad: k === 7 ? 20 : 10, clipFactor: k < count ? factor : 1 }));

/** The share of the decrease that a converged run may leave. */
const nearGain = 1e-3;

describe('clipping-dominates', () => {
  it('is reported if nearly all gradients are clipped to a small part, far from the minimum', () => {
    const { finding } = clipped(100, 0.01).finish({}, farEnd);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [1, 100],
      subject: { kind: 'option', path: ['clip', 'norm'] },
      evidence: { clippedShare: 1, limit: 0.1, largestGradient: 20 },
    });
    expect(finding!.evidence.clipFactor).toBeCloseTo(0.01, 12);
    expect(finding!.fixes.map(({ patch }) => patch!.clip)).toEqual([
      expect.objectContaining({ norm: 20 }),
      expect.objectContaining({ norm: 2 }),
      null,
    ]);
  });

  it('needs clipping in 90 % of the steps', () => {
    // With a factor of 0 in the others, the mean factor is at most 0.1.
    expect(clipped(100 * nearlyAll, 0).finish({}, farEnd).found).toHaveLength(1);
    expect(clipped(100 * nearlyAll - 1, -0.02).finish({}, farEnd).found).toEqual([]);
  });

  it('needs a mean clip factor of at most 0.1', () => {
    expect(clipped(100, 0.99 * strong).finish({}, farEnd).found).toHaveLength(1);
    expect(clipped(100, 1.01 * strong).finish({}, farEnd).found).toEqual([]);
  });

  it('needs a polish that gains more than a thousandth of the decrease', () => {
    expect(clipped(100, 0.01).finish({}, endWithGain(1.01 * nearGain)).found).toHaveLength(1);
    expect(clipped(100, 0.01).finish({}, endWithGain(0.99 * nearGain)).found).toEqual([]);
    expect(clipped(100, 0.01).finish({}, null).found).toEqual([]);
  });

  it('names the limit by value', () => {
    const { finding } = clipped(100, 0.01, bench({ clip: { value: 0.2 } })).finish({}, farEnd);
    expect(finding).toMatchObject({
      subject: { kind: 'option', path: ['clip', 'value'] },
      evidence: { limit: 0.2 },
    });
  });

  it('does not apply without clipping, or to optimizers that divide by the size of the gradient', () => {
    expect(bench({ clip: null }).rule).toBeNull();
    expect(bench({ optimizer: { name: 'adam', lr: 0.1 } }).rule).toBeNull();
    expect(bench({ optimizer: { name: 'sgd', lr: 0.1, momentum: 0.9 } }).rule).not.toBeNull();
  });
});
