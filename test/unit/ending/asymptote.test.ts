import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { contextAt } from '../../../src/core/context';
import { asymptoteOf } from '../../../src/core/ending/asymptote';
import { polishFrom } from '../../../src/core/ending/lastPoint';
import { problem } from '../diagnosis/support/problems';

const open = () => contextAt(0, batchesOf(null, null, 0), 1, [])();

/** What is found from the last point of a run that went there from the start. */
async function found(
  loss: (p: Float64Array) => number,
  gradient: (p: Float64Array) => readonly number[],
  start: readonly number[],
  last: readonly number[],
) {
  const { objective } = problem([...last], (p, grad) => {
    grad.set(gradient(p));
    return loss(p);
  });
  const params = Float64Array.from(last);
  const point = {
    objective,
    open,
    params,
    start: Float64Array.from(start),
    startLoss: loss(Float64Array.from(start)),
    loss: loss(params),
    lastStep: params.map(() => 1e-3),
    largestGradient: 1,
    confirmedGradient: 1,
    evaluations: 120,
    isOverTime: () => false,
  };
  const polished = await polishFrom(point);
  return asymptoteOf(point, polished!);
}

const along = (loss: (x: number) => number, slope: (x: number) => number, start: number, last: number) =>
  found(
    (p) => loss(p[0]!),
    (p) => [slope(p[0]!)],
    [start],
    [last],
  );

describe('a limit of the loss at infinity', () => {
  it.for<[string, (x: number) => number, (x: number) => number, number]>([
    ['an exponential', (x) => Math.exp(-x), (x) => -Math.exp(-x), 0],
    ['softplus', (x) => Math.log1p(Math.exp(-x)), (x) => -1 / (1 + Math.exp(x)), 0],
    ['a hyperbola', (x) => 2 + 1 / (1 + x), (x) => -1 / (1 + x) ** 2, 2],
    [
      'the tail of a normal density',
      (x) => -3 + Math.exp(-(x ** 2) / 9),
      (x) => (-2 / 9) * x * Math.exp(-(x ** 2) / 9),
      -3,
    ],
  ])('is found of %s', async ([, loss, slope, limit]) => {
    const asymptote = await along(loss, slope, 0.5, 4);
    expect(asymptote?.loss).toBeCloseTo(limit, 6);
    expect(asymptote?.direction).toEqual(Float64Array.of(1));
  });

  it('is found of one coordinate while another has its minimum', async () => {
    // 20 e^(a + b) falls towards 0 for b → −∞, and a reaches log(12/40).
    const asymptote = await found(
      ([a, b]) => 40 * Math.exp(a!) - 12 * a! + 20 * Math.exp(a! + b!),
      ([a, b]) => [40 * Math.exp(a!) - 12 + 20 * Math.exp(a! + b!), 20 * Math.exp(a! + b!)],
      [0, 0],
      [-1.3, -2],
    );
    expect(asymptote!.loss).toBeCloseTo(12 - 12 * Math.log(0.3), 5);
    expect(asymptote!.direction[1]).toBeLessThan(-0.999);
  });

  it('is found where the loss falls in all directions', async () => {
    const asymptote = await found(
      ([a, b]) => 1 / Math.hypot(a!, b!),
      ([a, b]) => [-a! / Math.hypot(a!, b!) ** 3, -b! / Math.hypot(a!, b!) ** 3],
      [1, 0.1],
      [10, 1],
    );
    expect(asymptote!.loss).toBe(0);
    expect(asymptote!.direction[0]).toBeGreaterThan(0.99);
  });

  it.for<[string, (x: number) => number, (x: number) => number]>([
    ['a minimum within reach', (x) => (x - 9) ** 2, (x) => 2 * (x - 9)],
    [
      'a distant minimum',
      (x) => Math.hypot(1, x / 2000 - 1),
      (x) => (x / 2000 - 1) / 2000 / Math.hypot(1, x / 2000 - 1),
    ],
    ['a small penalty', (x) => Math.exp(-x) + 1e-9 * x ** 2, (x) => -Math.exp(-x) + 2e-9 * x],
    ['a hinge', (x) => Math.max(0, 9 - x), (x) => (x < 9 ? -1 : 0)],
    ['a squared hinge', (x) => Math.max(0, 9 - x) ** 2, (x) => -2 * Math.max(0, 9 - x)],
    ['a cubed hinge', (x) => Math.max(0, 9 - x) ** 3, (x) => -3 * Math.max(0, 9 - x) ** 2],
    ['a logarithm', (x) => -Math.log(1 + x), (x) => -1 / (1 + x)],
    ['a flat region', (x) => (x < 3 ? 3 - x : 0), (x) => (x < 3 ? -1 : 0)],
  ])('is not found of %s', async ([, loss, slope]) => {
    expect(await along(loss, slope, 0.5, 4)).toBeNull();
  });
});
