import { describe, expect, it } from 'vitest';
import { GradientScaling } from '../../../src/core/gradientScaling';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

describe('a gradient in a small number format', () => {
  it('is rounded after scaling and unscaled after rounding', () => {
    const grad = Float64Array.of(1 / 3, -1e-9, 0, 70_000);
    const scaling = new GradientScaling('float16', 1);
    expect(scaling.apply(grad)).toBe(true);
    // In float16, 1/3 has 11 significant bits, and 1e-9 is below half of the smallest positive number, 2^-24.
    expect([...grad]).toEqual([0.333251953125, -0, 0, Number.POSITIVE_INFINITY]);
    expect(scaling.underflow).toBe(1 / 3);
    expect(scaling.overflow).toBe(1 / 4);
  });

  it('with a loss scale does not lose values that would underflow', () => {
    const grad = Float64Array.of(1e-9);
    new GradientScaling('float16', 2 ** 20).apply(grad);
    expect(Math.abs(grad[0]! / 1e-9 - 1)).toBeLessThan(2 ** -11);
  });

  it('with a dynamic scale halves the scale and skips the step on overflow', () => {
    const scaling = new GradientScaling('float16', 'dynamic');
    expect(scaling.scale).toBe(65_536);
    expect(scaling.apply(Float64Array.of(3))).toBe(false);
    expect(scaling.overflow).toBe(1);
    expect(scaling.scale).toBe(32_768);
    expect(scaling.apply(Float64Array.of(Number.NaN))).toBe(false);
    expect(scaling.overflow).toBe(0);
    expect(scaling.scale).toBe(16_384);
    expect(scaling.apply(Float64Array.of(3))).toBe(true);
    expect(scaling.scale).toBe(16_384);
  });

  it('with a dynamic scale doubles the scale after 2000 steps in a row without overflow', () => {
    const scaling = new GradientScaling('float16', 'dynamic');
    const good = () => scaling.apply(Float64Array.of(0.5));
    for (let i = 0; i < 1999; i++) good();
    expect(scaling.scale).toBe(65_536);
    scaling.apply(Float64Array.of(3));
    for (let i = 0; i < 1999; i++) good();
    expect(scaling.scale).toBe(32_768);
    good();
    expect(scaling.scale).toBe(65_536);
  });

  it('keeps a positive scale', () => {
    const scaling = new GradientScaling('float16', 'dynamic');
    for (let i = 0; i < 2000; i++) scaling.apply(Float64Array.of(Number.NaN));
    expect(scaling.scale).toBe(2 ** -126);
  });
});

describe('a run with a loss scale', () => {
  const start = [-1.2, 1];
  it('continues after a skipped step from the same point, and the optimizer counts only its own steps', async () => {
    const seen: { t: number; age: number; moved: boolean; lossScale: number; overflow: number }[] = [];
    await runPatch(
      analyticObjective('rosenbrock'),
      start,
      { precision: 'float16', lossScale: 'dynamic', steps: 12, optimizer: { name: 'adam', lr: 0.01 } },
      {
        onStep: ({ t, age, params, before, lossScale, overflow }) => {
          seen.push({ t, age, moved: params[0] !== before[0], lossScale, overflow });
        },
      },
    );
    // abs(g) is 216 at the start: scale·g is below float16's maximum of 65504 from a scale of 256 on.
    const skipped = seen.filter(({ moved }) => !moved);
    expect(skipped.map(({ lossScale }) => lossScale)).toEqual([
      65_536, 32_768, 16_384, 8192, 4096, 2048, 1024, 512,
    ]);
    expect(skipped.every(({ overflow, age }) => overflow > 0 && age === 0)).toBe(true);
    expect(seen.slice(8).map(({ age }) => age)).toEqual([1, 2, 3, 4]);
  });

  it('equals the run without a scale in float64, if the scale is a power of two', async () => {
    const plain = await runPatch(analyticObjective('rosenbrock'), start, { steps: 50 });
    const scaled = await runPatch(analyticObjective('rosenbrock'), start, { steps: 50, lossScale: 1024 });
    expect([...scaled.final.params]).toEqual([...plain.final.params]);
  });

  it('undoes the scale before it clips', async () => {
    let norm = 0;
    await runPatch(
      analyticObjective('rosenbrock'),
      start,
      { steps: 1, lossScale: 1024, clip: { norm: 1 } },
      {
        onStep: ({ gradNorm }) => {
          norm = gradNorm;
        },
      },
    );
    // The norm is unscaled, and not 1024 times as large. The two norms differ in the last bit.
    expect(norm / Math.hypot(-215.59999999999997, -87.99999999999999)).toBeCloseTo(1, 14);
  });
});
