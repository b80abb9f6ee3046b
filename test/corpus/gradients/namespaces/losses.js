import * as vectors from './vectors.js';
import * as again from './through.js';

/** Functions that call functions of their own module. */
export const normLoss = (p) => vectors.norm(vectors.add(p, vectors.origin)) + vectors.dot(p, p);

/** Data and the default export of a namespace. */
export const dataLoss = ([x, y]) => vectors.scale * vectors.default(x) + vectors.origin.length * y;

/** A namespace of a module that exports what another one exports. */
export const throughLoss = (p) => again.dot(p, [2, 3]) * again.factor;

/** The functions by computed names, and as values. */
export const computedLoss = (p) => {
  const { dot } = vectors;
  return vectors['norm'](p) + dot(p, [1, 2]) * Object.keys(vectors).length;
};

export const rightLoss = ([a, b]) =>
  [a, b, 3].reduceRight((sum, v, i, list) => sum * v + i * a, 1) + [1, 2, 4].reduceRight((sum, v) => sum * b + v);

/** The length of a list is read before the callback adds to it. */
export const growingLoss = ([a, b]) => {
  const list = [a, b];
  const sum = list.reduceRight((s, v, i) => {
    list.push(v * v);
    return s + v * (i + 1);
  }, 0);
  return sum + list.length * list[2];
};
