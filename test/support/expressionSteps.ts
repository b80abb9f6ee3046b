import { CoordinateLayout } from '../../src/core/coordinates/coordinateLayout';
import type { ExpressionStep } from '../../src/core/expressions/expression';
import type { StepNames } from '../../src/core/expressions/stepNames';

/** Names of a run with ten coordinates: x, y, a matrix w of two rows, and two whose name begins with a digit. */
export const someNames: StepNames = {
  values: ['step', 'loss', 'best', 'gradNorm', 'lr', 'stability', 'stabilityLimit', 'bound', 'rms'],
  later: ['actualChange'],
  quantities: ['params', 'grad', 'update', 'snr', 'sum'],
  layout: new CoordinateLayout(['x', 'y', 'w[0..1][0..2]', '0.weight[0..1]'], null, 10),
  recorded: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
};

const values: { readonly [name: string]: number } = {
  step: 7,
  loss: 3,
  best: 1,
  gradNorm: 5,
  lr: 0.1,
  stability: 40,
  stabilityLimit: 38,
  bound: 0.15,
  rms: Number.NaN,
};

const vectors: { readonly [name: string]: readonly number[] } = {
  params: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  grad: [1, -2, 0, 0, 0, 0, 0, Number.NaN, 0, 0],
  update: [-0.1, 0.2, 0, 0, 0, 0, 0, 0, 0, -0.05],
  snr: [0.5, 0.005, 1, 1, 1, 1, 1, 1, 1, 1],
  sum: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
};

/** A step with those names, and the names that were read, in order. */
export function someStep(): ExpressionStep & { readonly read: readonly string[] } {
  const read: string[] = [];
  return {
    read,
    scalar(name) {
      read.push(name);
      return values[name]!;
    },
    at(name, coordinate) {
      read.push(`${name}[${coordinate}]`);
      return vectors[name]![coordinate] ?? Number.NaN;
    },
    vector(name, from, to) {
      read.push(name);
      return Float64Array.from(vectors[name]!.slice(from, to + 1));
    },
    coordinateAt: (from, place) => from + place,
  };
}
