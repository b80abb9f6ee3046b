import { describe, expect, it } from 'vitest';
import { ParameterScale } from '../../../src/core/ending/parameterScale';
import type { Objective } from '../../../src/core/objective';
import type { StepView } from '../../../src/core/update';
import { farEnd } from '../diagnosis/support/runEnds';

/** (x/unit − 3)², with its minimum at 3 units. */
const parabola = (unit: number): Objective => ({
  dim: 1,
  gradientMode: 'exact',
  value: ([x]) => (x! / unit - 3) ** 2,
  valueAndGradient([x], grad) {
    grad[0] = (2 / unit) * (x! / unit - 3);
    return (x! / unit - 3) ** 2;
  },
});

interface Changes {
  readonly unit?: number;
  readonly finalLoss?: number;
  readonly leastLoss?: number;
  readonly decrease?: number;
  readonly final?: null;
}

/** A run of ten steps from `start`: the first one, and the others of the same length. */
function oddest(
  start: number,
  step: number,
  { unit = start, finalLoss = 4, decrease = 5, leastLoss = finalLoss, final }: Changes = {},
) {
  const scale = new ParameterScale();
  let x = start;
  for (let t = 0; t < 10; t++) {
    const [before, params] = [Float64Array.of(x), Float64Array.of(x + step)];
    scale.onStep({ before, params } as StepView);
    x += step;
  }
  return scale.oddest({
    objective: parabola(unit),
    open: () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 }),
    start: Float64Array.of(start),
    final: final === undefined ? Float64Array.of(x) : final,
    end: { ...farEnd, startLoss: leastLoss + decrease, leastLoss, finalLoss },
    evaluations: 40,
    largestGradient: 1,
    isOverTime: () => false,
  });
}

describe('a parameter with large numbers', () => {
  it('is found if its path is at most a ten thousandth of them', async () => {
    expect(await oddest(2 ** 40, 2 ** 14)).toMatchObject({
      index: 0,
      kind: 'short',
      magnitude: 2 ** 40,
      moved: 10 * 2 ** 14,
    });
    expect(await oddest(2 ** 40, 2 ** 24)).toBeNull();
  });

  it('needs numbers of at least 1e6', async () => {
    expect(await oddest(1e6, 1)).not.toBeNull();
    expect(await oddest(0.99e6, 1)).toBeNull();
  });

  it('needs a loss that can be a twentieth of the decrease lower', async () => {
    expect(await oddest(1e12, 1, { decrease: 79 })).not.toBeNull();
    expect(await oddest(1e12, 1, { decrease: 81 })).toBeNull();
    expect(await oddest(3e12, 1, { unit: 1e12, finalLoss: 1e-12 })).toBeNull();
  });
});

describe('a parameter with small numbers', () => {
  it('is found if its first step is at least ten thousand times as long', async () => {
    expect(await oddest(1e-17, 1.01e-13)).toMatchObject({
      index: 0,
      kind: 'long',
      moved: 1.01e-13,
      reached: 0,
    });
    expect(await oddest(1e-17, 0.99e-13)).toBeNull();
  });

  it('is a start near 0 if the loss is the same around it', async () => {
    expect(await oddest(1e-17, 0.1, { unit: 1, finalLoss: 100 })).toBeNull();
  });

  it('needs a loss that rose', async () => {
    expect(await oddest(1e-17, 0.1, { finalLoss: 1e-9, decrease: 4 })).toBeNull();
  });
});

describe('a run that broke', () => {
  const broken = { final: null, finalLoss: Number.NaN, leastLoss: 4 };

  it('is examined from its start: whether the first step of the parameter alone raises the loss', async () => {
    const found = { kind: 'long', reached: 0, broke: { from: 4, to: expect.any(Number) } };
    expect(await oddest(1e-17, 0.1, broken)).toMatchObject(found);
    // Steps that fit the parameter did not break the run.
    expect(await oddest(1e-17, 1e-17, broken)).toBeNull();
  });

  it('has another cause where a start near 0 is no unit, or the run had reached as low a loss', async () => {
    expect(await oddest(1e-17, 0.1, { ...broken, unit: 1 })).toBeNull();
    expect(await oddest(1e-17, 0.1, { ...broken, leastLoss: 0 })).toBeNull();
  });

  it('is not searched for steps that are too short, which break nothing', async () => {
    expect(await oddest(2 ** 40, 1, broken)).toBeNull();
  });
});

it('a parameter with ordinary numbers is not examined', async () => {
  expect(await oddest(1, 1e7, { unit: 1 })).toBeNull();
});

describe('a parameter that starts at 0', () => {
  it('has the magnitude of its optimum', async () => {
    const short = { index: 0, startsAtZero: true, kind: 'short', magnitude: 1e12, moved: 10 };
    expect(await oddest(0, 1, { unit: 1e12 })).toMatchObject(short);
    expect(await oddest(0, 1, { unit: 1e-9, finalLoss: 1e20 })).toMatchObject({
      startsAtZero: true,
      kind: 'long',
      magnitude: 1e-9,
      moved: 1,
    });
  });

  it('is not examined if its steps fit that magnitude, or it is ordinary', async () => {
    expect(await oddest(0, 1e6, { unit: 1e12 })).toBeNull();
    expect(await oddest(0, 1e-6, { unit: 1e-9, finalLoss: 1e10 })).toBeNull();
    for (const unit of [1, 1e4, 1e-4]) expect(await oddest(0, 1e-9, { unit })).toBeNull();
  });
});
