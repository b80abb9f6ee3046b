import { describe, expect, it } from 'vitest';
import { GradientScaling } from '../../../src/core/gradientScaling';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

describe('a gradient in a small number format', () => {
  it('is rounded after scaling and unscaled after rounding', () => {
    const grad = Float64Array.of(1 / 3, -1e-9, 0, 70_000);
    const scaling = new GradientScaling('float16', 1);
    expect(scaling.apply(grad)).toBe(true);
    // 1/3 has 11 significant bits in float16; 1e-9 is below half of 2^-24.
    expect([...grad]).toEqual([0.333251953125, -0, 0, Number.POSITIVE_INFINITY]);
    expect(scaling.underflow).toBe(1 / 3);
    expect(scaling.overflow).toBe(1 / 4);
  });

  it('a loss scale saves what would underflow', () => {
    const grad = Float64Array.of(1e-9);
    new GradientScaling('float16', 2 ** 20).apply(grad);
    expect(Math.abs(grad[0]! / 1e-9 - 1)).toBeLessThan(2 ** -11);
  });

  it('a dynamic scale halves where it overflows, and leaves the step out', () => {
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

  it('a dynamic scale doubles after 2000 good steps in a row', () => {
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

  it('never falls to nothing', () => {
    const scaling = new GradientScaling('float16', 'dynamic');
    for (let i = 0; i < 2000; i++) scaling.apply(Float64Array.of(Number.NaN));
    expect(scaling.scale).toBe(2 ** -126);
  });
});

describe('a run with a loss scale', () => {
  const start = [-1.2, 1];
  it('goes on from where it was after a step that is left out, the optimizer counting its own steps', async () => {
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
    // |g| begins at 216: scale · g fits float16's 65504 from 256 on.
    const skipped = seen.filter(({ moved }) => !moved);
    expect(skipped.map(({ lossScale }) => lossScale)).toEqual([
      65_536, 32_768, 16_384, 8192, 4096, 2048, 1024, 512,
    ]);
    expect(skipped.every(({ overflow, age }) => overflow > 0 && age === 0)).toBe(true);
    expect(seen.slice(8).map(({ age }) => age)).toEqual([1, 2, 3, 4]);
  });

  it('in float64 with a scale that is a power of two is the run without', async () => {
    const plain = await runPatch(analyticObjective('rosenbrock'), start, { steps: 50 });
    const scaled = await runPatch(analyticObjective('rosenbrock'), start, { steps: 50, lossScale: 1024 });
    expect([...scaled.final.params]).toEqual([...plain.final.params]);
  });

  it('is unscaled before it is clipped', async () => {
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
    // Unscaled, not the 1024 times of it that would be clipped otherwise; norms differ in the last bit.
    expect(norm / Math.hypot(-215.59999999999997, -87.99999999999999)).toBeCloseTo(1, 14);
  });
});
