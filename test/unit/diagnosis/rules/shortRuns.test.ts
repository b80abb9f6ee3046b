import { describe, expect, it } from 'vitest';
import { windowIn } from '../../../../src/core/diagnosis/terms/shortRun';
import type { RunEnd } from '../../../../src/core/ending/runEnd';
import { RuleBench } from '../support/ruleBench';
import { farEnd } from '../support/runEnds';

/** Runs below 200 steps use windows of a quarter of their steps. */
const steps = 80;
const quarter = 20;

describe('the window in a short run', () => {
  it('is a quarter of the steps, within its limits', () => {
    expect([80, 199, 200].map((each) => windowIn(each, 100))).toEqual([20, 49, 100]);
    expect(windowIn(199, 40)).toBe(40);
    expect(windowIn(20, 40, 8)).toBe(8);
  });
});

describe('oscillation in a short run', () => {
  const bench = () => new RuleBench('oscillation', { optimizer: { name: 'sgd', lr: 0.3 }, steps });
  const alternating = (k: number, size = 0.1) => ({ loss: 1, delta: k % 2 === 0 ? size : -size });

  it('is reported after shorter windows, until the end of the run', () => {
    const run = bench().steps(3 * quarter - 1, (k) => alternating(k));
    expect(run.found).toEqual([]);
    const { finding } = run.step(alternating(1));
    expect(finding).toMatchObject({ steps: [quarter + 1, 3 * quarter] });
    expect(finding!.detail).toContain(`From step ${2 * quarter + 1} to ${3 * quarter} of ${steps},`);
    expect(run.steps(quarter, (k) => alternating(k)).finish().range).toEqual([quarter + 1, steps]);
  });

  it('is withdrawn if it ends before the run', () => {
    const run = bench().steps(3 * quarter, (k) => alternating(k));
    expect(run.found).toHaveLength(1);
    expect(run.steps(quarter, { loss: 1, delta: 0 }).finish().found).toEqual([]);
  });

  it('is not reported if it decays at the rate of half in 40 steps', () => {
    const decaying = (share: number) => (k: number) => alternating(k, 0.1 * share ** (k / 40));
    expect(bench().steps(steps, decaying(0.45)).found).toEqual([]);
    expect(bench().steps(steps, decaying(0.55)).found).toHaveLength(1);
  });
});

describe('eps in a short run', () => {
  it('is compared a quarter of the steps apart', () => {
    const run = new RuleBench('eps-dominates', { optimizer: { name: 'rmsprop', lr: 0.1, eps: 1e-8 }, steps });
    const small = { loss: 1, grad: 1e-9, state: { v: 1e-18 } };
    expect(run.steps(quarter - 1, small).found).toEqual([]);
    expect(run.steps(1, small).range).toEqual([1, quarter]);
  });
});

describe('a spike in a short run', () => {
  const falling = (count: number) => Array.from({ length: count }, (_, k) => 2 - k / count);
  const bench = () => new RuleBench('loss-spike', { optimizer: { name: 'sgd', lr: 0.1 }, steps });

  it('needs a quarter and a tenth of the steps before it', () => {
    const before = quarter + steps / 10;
    expect(bench().losses(...falling(before), 3).found).toHaveLength(1);
    expect(bench().losses(...falling(before - 1), 3).found).toEqual([]);
  });

  it('is not a consequence of a loss that is not finite', () => {
    const run = bench().losses(...falling(40), Number.NaN);
    expect(run.post('non-finite-loss').losses(3).found).toEqual([]);
  });
});

describe('divergence in a short run', () => {
  it('is also a loss far above the start for a quarter of the steps', () => {
    const bench = () =>
      new RuleBench('divergence', { optimizer: { name: 'sgd', lr: 0.1 }, steps }).losses(1, 1.1);
    // The third value in the median of three, and a first one that is a new maximum.
    expect(bench().steps(quarter, { loss: 50 }).found).toEqual([]);
    expect(bench().steps(quarter + 1, { loss: 50 }).found).toHaveLength(1);
  });
});

describe('cyclic gradients in a short run', () => {
  it('are examined in the middle and a quarter later', () => {
    const bench = () =>
      new RuleBench('cyclic-gradient', { optimizer: { name: 'adam' }, steps }, { isContextual: true });
    const uphill = { loss: 1, grad: 1, delta: 0.1 };
    expect(bench().steps(3 * quarter - 1, uphill).found).toEqual([]);
    expect(bench().steps(3 * quarter, uphill).range).toEqual([1, 3 * quarter]);
  });
});

describe('rounding in a short run', () => {
  it('is examined from a quarter of the steps on', () => {
    const bench = () =>
      new RuleBench('precision-loss', { optimizer: { name: 'sgd' }, precision: 'float16', steps: 40 });
    const lost = { loss: 1, underflow: 0.5 };
    expect(bench().steps(9, lost).found).toEqual([]);
    expect(bench().steps(10, lost).found).toHaveLength(1);
  });
});

describe('overfitting in few epochs', () => {
  it('needs half of them for the usual change of the validation loss', () => {
    const bench = (epochs: number) =>
      new RuleBench('overfitting', { optimizer: { name: 'sgd' }, validation: 'held', steps: epochs });
    /** The validation loss falls to 1 in three epochs, and rises to 2 in the next three. */
    const course = (k: number) => ({
      loss: 2 - k / 100,
      watched: k < 4 ? 4 - k : Math.min(2, 1 + (k - 3) / 3),
    });
    expect(bench(12).steps(12, course).found).toHaveLength(1);
    expect(bench(60).steps(12, course).found).toEqual([]);
  });
});

describe('a plateau in a short run', () => {
  const bench = (patch = {}) =>
    new RuleBench('plateau', { optimizer: { name: 'sgd', lr: 0.1 }, steps, ...patch });
  const alternating = (k: number) => ({ loss: 5, delta: k % 2 === 0 ? 0.1 : -0.1, grad: -1 });
  const fallen = () =>
    bench().steps(2 * quarter, (k) => ({ loss: 10 - k / 8, delta: 0.1, grad: k / 40 - 2 }));
  const flat = () => fallen().steps(2 * quarter, alternating);

  it('is reported after two windows of a quarter of the steps', () => {
    const { finding } = flat();
    expect(finding).toMatchObject({ evidence: { class: 'flat-valley', window: quarter } });
    expect(finding!.detail).toContain(`From step ${2 * quarter + 1} to ${4 * quarter} `);
  });

  it('is withdrawn if the loss falls again', () => {
    const run = bench()
      .steps(2 * quarter, alternating)
      .steps(quarter, (k) => ({ loss: 5 - k / 10, delta: 0.1 }));
    expect(run.found).toEqual([]);
  });

  it('is withdrawn near the minimum, and beside an oscillation', () => {
    expect(flat().finish({}, farEnd).found).toHaveLength(1);
    expect(flat().finish({}, { ...farEnd, polished: { ...farEnd.polished!, loss: 4.9 } }).found).toEqual([]);
    expect(flat().post('oscillation').finish({}, farEnd).found).toEqual([]);
  });

  const reached = (distance: number): RunEnd => ({ ...farEnd, polished: { ...farEnd.polished!, distance } });
  /** A coordinate that moves by lr at each step; its gradient changes by this share in the whole run. */
  const slow = (share: number) =>
    bench({ optimizer: { name: 'adam', lr: 0.1 } }).steps(quarter, (k) => ({
      loss: 10 - k / 100,
      delta: 0.1,
      grad: -1 + (share * k) / steps,
    }));

  it('decreases too slowly only if ten times as many steps would not reach a minimum', () => {
    expect(slow(0.02).finding).toMatchObject({ evidence: { class: 'lr-too-small' } });
    expect(slow(0.02).finding!.detail).toContain('also in 10 times as many steps');
    expect(slow(0.1).found).toEqual([]);
  });

  it('decreases too slowly only if a polish goes ten times as far as the run', () => {
    expect(slow(0.02).finish({}, reached(10)).found).toHaveLength(1);
    expect(slow(0.02).finish({}, reached(9.9)).found).toEqual([]);
    expect(slow(0.02).finish({}, { ...farEnd, polished: null }).found).toEqual([]);
  });
});
