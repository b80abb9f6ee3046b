import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { withFiniteDifferences } from '../../../src/core/gradient/finiteDifference';
import { seededRandom } from '../../../src/core/numerics/random';
import type { Objective } from '../../../src/core/objective';
import { isSameProblem } from '../../../src/core/verify/sameProblem';
import { settingOf } from './support/verified';

type Loss = (theta: Float64Array, xs: readonly number[], ys: readonly number[]) => number;

const random = seededRandom(3);
const xs = Array.from({ length: 12 }, () => 50 + 20 * random());
const ys = xs.map((x) => 0.3 * x - 4 + random());
const labels = xs.map((x) => (x + 8 * random() > 63 ? 1 : 0));

function scaled(data: readonly number[], isCentred: boolean): number[] {
  const mean = isCentred ? data.reduce((sum, x) => sum + x, 0) / data.length : 0;
  const scale = Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length);
  return data.map((x) => (x - mean) / scale);
}

interface Edited {
  readonly loss: Loss;
  readonly dim: number;
  readonly isCentred?: boolean;
  readonly ys?: readonly number[];
  /** The targets that the edited program has. */
  readonly editedYs?: (scaled: readonly number[]) => readonly number[];
  readonly patch?: RunConfigPatch;
  readonly validation?: { readonly own: readonly number[]; readonly edited: readonly number[] };
}

/** Whether the loss is the same problem after its data were standardised or scaled. */
function isSame({ loss, dim, isCentred = true, ys: targets = ys, editedYs, patch = {}, validation }: Edited) {
  const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 0.1 } }, patch]);
  const edited = scaled(xs, isCentred);
  const objectiveOf = (data: readonly number[], goals: readonly number[]): Objective => {
    const value = (theta: Float64Array) => loss(theta, data, goals);
    if (loss !== net) return withFiniteDifferences(dim, value);
    const valueAndGradient: Objective['valueAndGradient'] = (theta, grad) => {
      grad.set(netGradient(theta, data, goals));
      return value(theta);
    };
    return { dim, gradientMode: 'provided', value, valueAndGradient };
  };
  const program = (
    data: readonly number[],
    goals: readonly number[],
    held: readonly number[] | undefined,
  ) => {
    return settingOf(
      { objective: objectiveOf(data, goals), start: new Array<number>(dim).fill(0) },
      { validation: held ? (theta) => loss(theta, held, goals) : null },
    );
  };
  const end = Float64Array.from({ length: dim }, (_, k) => 0.5 + 0.3 * k);
  return isSameProblem({
    own: program(xs, targets, validation?.own),
    edited: program(edited, editedYs?.(edited) ?? targets, validation?.edited),
    config,
    end,
    gain: 0.01,
  });
}

const mean = (terms: readonly number[]) => terms.reduce((sum, term) => sum + term, 0) / terms.length;
const line: Loss = ([w, b], x, y) => mean(x.map((each, i) => (w! * each + b! - y[i]!) ** 2));
const logistic: Loss = ([w, b], x, y) =>
  mean(
    x.map((each, i) => {
      const z = w! * each + b!;
      return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y[i]! * z;
    }),
  );
const net: Loss = ([w1, w2, c1, c2, v1, v2, d], x, y) =>
  mean(
    x.map((each, i) => {
      const out = v1! * Math.tanh(w1! * each + c1!) + v2! * Math.tanh(w2! * each + c2!) + d!;
      return (out - y[i]! / 10) ** 2;
    }),
  );

/** Differences of a saturated tanh are not exact enough to determine the units. */
function netGradient(
  [w1, w2, c1, c2, v1, v2, d]: Float64Array,
  x: readonly number[],
  y: readonly number[],
): number[] {
  const rows = x.map((each, i) => {
    const [h1, h2] = [Math.tanh(w1! * each + c1!), Math.tanh(w2! * each + c2!)];
    const error = 2 * (v1! * h1 + v2! * h2 + d! - y[i]! / 10);
    const [s1, s2] = [error * v1! * (1 - h1 * h1), error * v2! * (1 - h2 * h2)];
    return [s1 * each, s2 * each, s1, s2, error * h1, error * h2, error];
  });
  return rows[0]!.map((_, k) => mean(rows.map((row) => row[k]!)));
}

describe('an edit of data is the same problem in other units', () => {
  it.each<[string, Edited]>([
    ['a line', { loss: line, dim: 2 }],
    ['a line, only scaled', { loss: line, dim: 2, isCentred: false }],
    [
      'a line in another order of parameters',
      { loss: ([b, w], x, y) => line(Float64Array.of(w!, b!), x, y), dim: 2 },
    ],
    ['a logistic regression', { loss: logistic, dim: 2, ys: labels }],
    [
      'a slope without intercept, only scaled',
      { loss: ([w], x, y) => line(Float64Array.of(w!, 0), x, y), dim: 1, isCentred: false },
    ],
    [
      'a parabola, only scaled',
      {
        loss: ([a, w, b], x, y) => mean(x.map((each, i) => (a! * each * each + w! * each + b! - y[i]!) ** 2)),
        dim: 3,
        isCentred: false,
      },
    ],
    ['a net with a hidden layer', { loss: net, dim: 7 }],
    [
      'a penalty on the intercept, only scaled',
      { loss: (theta, x, y) => line(theta, x, y) + theta[1]! ** 2, dim: 2, isCentred: false },
    ],
    [
      'a validation loss with the same units',
      {
        loss: line,
        dim: 2,
        isCentred: false,
        validation: {
          own: [60, 70],
          edited: [60, 70].map((x) => x / Math.sqrt(mean(xs.map((each) => each ** 2)))),
        },
      },
    ],
  ])('%s', async (_name, edited) => {
    expect(await isSame(edited)).toBe(true);
  });
});

describe('an edit of data changes the problem', () => {
  it.each<[string, Edited]>([
    [
      'a slope without intercept, standardised',
      { loss: ([w], x, y) => line(Float64Array.of(w!, 0), x, y), dim: 1 },
    ],
    [
      'a parabola without its linear term, standardised',
      { loss: ([a, b], x, y) => mean(x.map((each, i) => (a! * each * each + b! - y[i]!) ** 2)), dim: 2 },
    ],
    [
      'targets that are made from the data',
      { loss: line, dim: 2, editedYs: (edited) => edited.map((x) => 0.3 * x - 4) },
    ],
    ['data that are also the target', { loss: ([w, b], x) => line(Float64Array.of(w!, b!), x, x), dim: 2 }],
    ['a penalty on the slope', { loss: (theta, x, y) => line(theta, x, y) + 0.1 * theta[0]! ** 2, dim: 2 }],
    [
      'a penalty on the intercept, standardised',
      { loss: (theta, x, y) => line(theta, x, y) + theta[1]! ** 2, dim: 2 },
    ],
    [
      'a sum of absolute weights',
      {
        loss: (theta, x, y) => logistic(theta, x, y) + 0.01 * Math.abs(theta[0]!),
        dim: 2,
        ys: labels,
        isCentred: false,
      },
    ],
    [
      'weight decay of the optimizer',
      { loss: line, dim: 2, patch: { optimizer: { name: 'adamw', lr: 0.1 } } },
    ],
    [
      'a validation loss whose data are not edited',
      { loss: line, dim: 2, validation: { own: [60, 70], edited: [60, 70] } },
    ],
    [
      'data that weigh the samples',
      { loss: ([w, b], x, y) => mean(x.map((each, i) => each * (w! + b! - y[i]!) ** 2)), dim: 2 },
    ],
    [
      'a slope that is tied to the intercept',
      { loss: ([w], x, y) => line(Float64Array.of(w!, w!), x, y), dim: 1 },
    ],
  ])('%s', async (_name, edited) => {
    expect(await isSame(edited)).toBe(false);
  });
});
