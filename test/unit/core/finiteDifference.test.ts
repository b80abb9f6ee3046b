import { describe, expect, it } from 'vitest';
import { accuracyWords, type DifferenceAccuracy } from '../../../src/core/gradient/differenceAccuracy';
import { withFiniteDifferences } from '../../../src/core/gradient/finiteDifference';
import { answer } from '../../../src/core/gradient/inquiry';
import { noiseAlong } from '../../../src/core/gradient/noise';
import { maxAbs } from '../../../src/core/numerics/norms';
import { seededRandom } from '../../../src/core/numerics/random';
import type { OpenContext } from '../../../src/core/objective';

type Loss = (...at: number[]) => number;
type Gradient = (...at: number[]) => number[];

const open: OpenContext = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });
const { cos, exp, fround, sin } = Math;

/** Rounds to a number of bits, as a format with that precision does. */
function toBits(bits: number) {
  return (x: number): number => {
    if (x === 0) return x;
    const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - bits + 1);
    return Math.round(x / unit) * unit;
  };
}
const half = toBits(11);
const decimals = (n: number) => (x: number) => Math.round(x * 10 ** n) / 10 ** n;
const [six, eight] = [decimals(6), decimals(8)];

interface Row {
  readonly name: string;
  readonly loss: Loss;
  readonly gradient: Gradient;
  readonly at: readonly (readonly number[])[];
  /** Bounds of the relative noise; absent: that of double precision. */
  readonly noise?: readonly [number, number];
}

const bowl: Loss = (x, y) => (x! - 1) ** 2 + (y! - 2) ** 2;
const bowlGradient: Gradient = (x, y) => [2 * (x! - 1), 2 * (y! - 2)];
const points = [
  [0.3, 0.2],
  [-1.7, 4.1],
  [12, -8.5],
];

const rows: readonly Row[] = [
  { name: 'a quadratic', loss: bowl, gradient: bowlGradient, at: [...points, [1, 2]] },
  { name: 'a linear one', loss: (x, y) => 3 * x! - 2 * y!, gradient: () => [3, -2], at: points },
  {
    name: 'a linear one where it is 0',
    loss: (x, y) => 2 * x! - 3 * y!,
    gradient: () => [2, -3],
    at: [[0.3, 0.2]],
  },
  { name: 'a steep one', loss: (x) => 1e8 * x!, gradient: () => [1e8], at: [[0.3], [7]] },
  { name: 'an exponential', loss: (x) => exp(20 * x!), gradient: (x) => [20 * exp(20 * x!)], at: [[0.3]] },
  { name: 'a wave far from 0', loss: (x) => sin(x!), gradient: (x) => [cos(x!)], at: [[30]] },
  {
    name: 'rosenbrock',
    loss: (x, y) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2,
    gradient: (x, y) => [-2 * (1 - x!) - 400 * x! * (y! - x! * x!), 200 * (y! - x! * x!)],
    at: [[-1.2, 1], ...points],
  },
  { name: 'a constant', loss: () => 5, gradient: () => [0, 0], at: points },
  { name: 'a flat part', loss: (x) => Math.max(0, x!), gradient: () => [0], at: [[-1]] },
  {
    name: 'bins',
    loss: (x, y) => (Math.floor(4 * x!) - 7) ** 2 + y! ** 2,
    gradient: (_, y) => [0, 2 * y!],
    at: [[1.6, 2]],
  },
  {
    name: 'a float32 array',
    loss: (x, y, z) => fround(x! - 1) ** 2 + fround(y! - 2) ** 2 + fround(z! - 3) ** 2,
    gradient: (x, y, z) => [2 * (x! - 1), 2 * (y! - 2), 2 * (z! - 3)],
    at: [
      [0.3, 0.2, 0.1],
      [5.5, -3.1, 40],
    ],
    noise: [2e-9, 2e-6],
  },
  {
    name: 'float32 throughout',
    loss: (x, y) => fround(fround(fround(x!) * fround(x!)) + fround(sin(fround(y!)))),
    gradient: (x, y) => [2 * x!, cos(y!)],
    at: points,
    noise: [2e-9, 2e-6],
  },
  {
    name: 'a wave in float32',
    loss: (x) => fround(sin(fround(x!))),
    gradient: (x) => [cos(x!)],
    at: [[30], [3]],
    noise: [2e-9, 2e-6],
  },
  {
    name: 'a linear one in float32',
    loss: (x) => fround(3 * fround(x!)),
    gradient: () => [3],
    at: [[0.3], [50]],
    noise: [2e-9, 2e-6],
  },
  {
    name: 'a steep one in float32',
    loss: (x) => fround(1e8 * fround(x!)),
    gradient: () => [1e8],
    at: [[0.3]],
    noise: [2e-9, 2e-6],
  },
  {
    name: 'one float32 parameter of two',
    loss: (x, y) => x! ** 2 + fround(y!) ** 2,
    gradient: (x, y) => [2 * x!, 2 * y!],
    at: points.slice(0, 2),
    noise: [2e-9, 2e-6],
  },
  {
    name: 'half precision',
    loss: (x, y) => half(half(x!) * half(x!)) + half(y!) ** 2,
    gradient: (x, y) => [2 * x!, 2 * y!],
    at: points.slice(0, 2),
    noise: [2e-5, 1e-2],
  },
  {
    name: 'a linear one in half precision',
    loss: (x) => 3 * half(x!),
    gradient: () => [3],
    at: [[0.3]],
    noise: [2e-5, 1e-2],
  },
  {
    name: 'eight decimals',
    loss: (x, y) => bowl(eight(x!), eight(y!)),
    gradient: bowlGradient,
    at: points.slice(0, 2),
    noise: [5e-10, 1e-7],
  },
  {
    name: 'six decimals',
    loss: (x, y) => bowl(six(x!), six(y!)),
    gradient: bowlGradient,
    at: points.slice(0, 2),
    noise: [5e-8, 1e-5],
  },
  {
    name: 'text of six decimals',
    loss: (x) => Number(x!.toFixed(6)) ** 2,
    gradient: (x) => [2 * x!],
    at: [[0.52]],
    noise: [5e-8, 1e-5],
  },
  {
    name: 'cancellation',
    loss: (x) => 1e6 + x! * x! - 1e6,
    gradient: (x) => [2 * x!],
    at: [[0.3]],
    noise: [1e-12, 1e-8],
  },
];

const doses = [0.2e-6, 0.5e-6, 1e-6, 2e-6, 4e-6, 8e-6, 16e-6, 40e-6];
const day = 86_400;
const { log, PI, abs } = Math;

/** Losses that vary over very different lengths along their coordinates. */
const scaled: readonly Row[] = [
  {
    name: 'a saturating rate',
    loss: (v, k) => doses.reduce((sum, c) => sum + ((v! * c) / (k! + c) - 1e5) ** 2, 0),
    gradient: (v, k) => {
      const slopes = [0, 0];
      for (const c of doses) {
        const miss = 2 * ((v! * c) / (k! + c) - 1e5);
        slopes[0]! += (miss * c) / (k! + c);
        slopes[1]! -= (miss * v! * c) / (k! + c) ** 2;
      }
      return slopes;
    },
    at: [
      [1e5, 1e-5],
      [3e5, 2e-6],
      [1, 1e-7],
    ],
  },
  {
    name: 'a decay of microseconds',
    loss: (a, tau) => (a! * exp(-1e-6 / tau!) - 9000) ** 2,
    gradient: (a, tau) => {
      const e = exp(-1e-6 / tau!);
      const miss = 2 * (a! * e - 9000);
      return [miss * e, (miss * a! * e * 1e-6) / tau! ** 2];
    },
    at: [
      [3e4, 1e-6],
      [3e4, 7e-7],
    ],
  },
  {
    name: 'a logarithm near the edge of its domain',
    loss: (x) => -log(x!),
    gradient: (x) => [-1 / x!],
    at: [[1e-12], [3e-7]],
  },
  {
    name: 'a cycle of a day at a time in seconds',
    loss: (t) => 2 + cos((2 * PI * t!) / day),
    gradient: (t) => [((-2 * PI) / day) * sin((2 * PI * t!) / day)],
    at: [[1.7e9 + 1000], [1.7e9 + 40_000]],
  },
  {
    name: 'a parabola of a tiny parameter',
    loss: (k, n) => ((k! * n!) / 1e3 - 0.345) ** 2 + (n! / 1e25 - 2.5) ** 2,
    gradient: (k, n) => {
      const miss = 2 * ((k! * n!) / 1e3 - 0.345);
      return [(miss * n!) / 1e3, (miss * k!) / 1e3 + (2 * (n! / 1e25 - 2.5)) / 1e25];
    },
    at: [[1.2e-23, 1e25]],
  },
  {
    name: 'a narrow peak',
    loss: (x, y) => -exp(-(((x! - 3) / 1e-5) ** 2)) + y! ** 2,
    gradient: (x, y) => {
      const u = (x! - 3) / 1e-5;
      return [((2 * u) / 1e-5) * exp(-u * u), 2 * y!];
    },
    at: [
      [3 + 4e-6, 0.5],
      [3 - 9e-6, -2],
    ],
  },
];

const cases = rows.flatMap((row) =>
  row.at.map((at) => ({ ...row, point: at, title: `${row.name} at ${at}` })),
);

function differences(loss: Loss, at: readonly number[]) {
  const told: DifferenceAccuracy[] = [];
  let evaluations = 0;
  const value = ([...params]: Float64Array) => {
    evaluations++;
    return loss(...params);
  };
  const objective = withFiniteDifferences(at.length, value, (accuracy) => told.push(accuracy));
  const grad = new Float64Array(at.length);
  objective.valueAndGradient(Float64Array.from(at), grad, open);
  return { grad, accuracy: told[0] ?? null, evaluations };
}

describe('central differences', () => {
  it.each(cases)('are as accurate as they say: $title', ({ loss, gradient, point, noise }) => {
    const { grad, accuracy } = differences(loss, point);
    const right = Float64Array.from(gradient(...point));
    const error = maxAbs(grad.map((each, i) => each - right[i]!)) / (maxAbs(right) || 1);
    if (!noise) {
      expect(accuracy).toBeNull();
      expect(error).toBeLessThan(1e-7);
      return;
    }
    expect(accuracy?.noise).toBeGreaterThan(noise[0]);
    expect(accuracy?.noise).toBeLessThan(noise[1]);
    expect(error).toBeLessThanOrEqual(accuracy!.error!);
    // The usual step would give errors of about noise / 6e-6.
    expect(accuracy!.error!).toBeLessThan(noise[1] > 1e-4 ? 0.3 : 5e-3);
  });

  it.each(scaled.flatMap((row) => row.at.map((point) => ({ ...row, point }))))(
    'fit each coordinate: $name at $point',
    ({ loss, gradient, point }) => {
      const { grad, accuracy } = differences(loss, point);
      expect(accuracy).toBeNull();
      for (const [i, right] of gradient(...point).entries())
        expect(abs(grad[i]! / right - 1), `coordinate ${i}`).toBeLessThan(1e-6);
    },
  );

  it('fit the minimum of a coordinate, too', () => {
    const { grad } = differences((x) => ((x! - 1e-5) / (abs(x!) + 1e-6)) ** 2, [1e-5]);
    // The slope changes by 1e4 over a ten-millionth of the parameter.
    expect(abs(grad[0]!)).toBeLessThan(1e3);
  });

  it('follow a coordinate that leaves the place where it was measured', () => {
    const loss: Loss = (x) => x! / (x! + 1e-5);
    const objective = withFiniteDifferences(1, ([x]) => loss(x!));
    const grad = new Float64Array(1);
    for (const x of [1e-5, 3e-5, 1e-3]) {
      objective.valueAndGradient(Float64Array.of(x), grad, open);
      expect(grad[0]! / (1e-5 / (x + 1e-5) ** 2), String(x)).toBeCloseTo(1, 5);
    }
  });

  it.each(cases)('find the same noise in every direction: $title', ({ loss, point, noise }) => {
    const random = seededRandom(7);
    for (let round = 0; round < 20; round++) {
      const direction = Float64Array.from(
        point,
        (x) => (random() < 0.5 ? -1 : 1) * (0.5 + random()) * Math.max(1, Math.abs(x)),
      );
      const found = answer(noiseAlong(Float64Array.from(point), direction, random), (at) => loss(...at));
      const relative = (found as { relative: number } | null)?.relative ?? 0;
      const [low, high] = noise ?? [-1, 1e-12];
      expect(relative, `round ${round}`).toBeGreaterThan(low);
      expect(relative, `round ${round}`).toBeLessThan(high);
    }
  });

  it('take 7 more evaluations, and 2 for each coordinate, of a loss in double precision', () => {
    expect(differences(bowl, [0.3, 0.2]).evaluations).toBe(1 + 4 + 4 + 7);
  });

  it('are the same for a promise of a loss', async () => {
    const loss: Loss = (x) => fround(sin(fround(x!)));
    const [now, later] = [new Float64Array(1), new Float64Array(1)];
    const told: DifferenceAccuracy[] = [];
    const objective = (value: (x: number) => number | Promise<number>) =>
      withFiniteDifferences(
        1,
        ([x]) => value(x!),
        (accuracy) => told.push(accuracy),
      );
    objective(loss).valueAndGradient(Float64Array.of(3), now, open);
    await objective(async (x) => loss(x)).valueAndGradient(Float64Array.of(3), later, open);
    expect(later).toEqual(now);
    expect(told[1]).toEqual(told[0]);
  });

  it.each(['now', 'later'])('look for noise only where the loss does not throw (%s)', async (when) => {
    const start = Float64Array.of(0.3);
    const value = ([x]: Float64Array) => {
      if (Math.abs(x! - 0.3) > 1e-5) throw new RangeError('outside');
      return fround(x!);
    };
    const objective = withFiniteDifferences(1, when === 'now' ? value : async (x) => value(x), () => {});
    const grad = new Float64Array(1);
    await objective.valueAndGradient(start, grad, open);
    expect(grad[0]).toBeCloseTo(1, 1);
  });

  it('pass on what the loss throws', () => {
    const failing = () => {
      throw new RangeError('outside');
    };
    const grad = new Float64Array(1);
    expect(() => withFiniteDifferences(1, failing).valueAndGradient(Float64Array.of(1), grad, open)).toThrow(
      'outside',
    );
  });
});

it('is finite for a loss that is random, for which no step is short enough', () => {
  const random = seededRandom(0, 7);
  const jittered = withFiniteDifferences(
    1,
    (point) => (point[0]! - 1) ** 2 + 0.02 * random(),
    () => {},
  );
  const grad = new Float64Array(1);
  for (let k = 0; k < 400; k++) {
    // Every tenth evaluation measures a length, by a new objective.
    const objective = k % 10 === 0 ? withFiniteDifferences(1, jittered.value, () => {}) : jittered;
    objective.valueAndGradient(Float64Array.of(0.05), grad, open);
    expect(grad[0], `evaluation ${k}`).toSatisfy(Number.isFinite);
  }
});

describe('the words for an accuracy', () => {
  it.each([
    [
      { error: 2e-3, noise: 6e-8 },
      'relative accuracy about 0.002, because the loss computes to about single precision',
    ],
    [
      { error: 0.05, noise: 5e-4 },
      'relative accuracy about 0.05, because the loss computes to about half precision',
    ],
    [
      { error: 4e-7, noise: 1e-10 },
      'relative accuracy about 4e-7, because values of the loss have a relative error of 1e-10',
    ],
    [
      { error: null, noise: 6e-8 },
      'relative accuracy unknown, because the loss computes to about single precision',
    ],
  ])('%j', (accuracy, words) => {
    expect(accuracyWords(accuracy)).toBe(words);
  });
});
