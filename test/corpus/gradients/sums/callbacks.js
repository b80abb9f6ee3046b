const data = [1, 2, 3, 4];

export const forEachLoss = ([a, b]) => {
  let s = 0;
  data.forEach((d, i) => {
    s += (a * d + b - i) ** 2;
  });
  return s;
};

/** The callback runs once more after the sum has ended. */
export const lateLoss = ([a, b]) => {
  let s = 0, again = null;
  const each = (list, f) => {
    for (const d of list) f(d);
    again = f;
  };
  each(data, (d) => {
    s += a * d;
  });
  again(b);
  return s * s;
};

/** What the inner call adds is lost, because the left side was read before. */
export const lostLoss = ([a, b]) => {
  let s = 0;
  const add = (v) => {
    s += v * v;
    return v;
  };
  for (let i = 0; i < 3; i++) s += add(a) * b;
  return s;
};

/** Another function reads the sum while it grows. */
export const watchedLoss = ([a, b]) => {
  let s = 0, seen = 0;
  const look = () => s;
  data.forEach((d) => {
    s += a * d;
    seen = look() * b;
  });
  return seen + s;
};

export const reduceLoss = ([a, b]) => data.reduce((sum, d, i) => sum + a * d - b * i, a * b);

export const reduceRightLoss = ([a, b]) => [a, b, 2].reduceRight((sum, d) => sum - d * d, 1) * a;

/** No initial value. */
export const firstLoss = ([a, b]) => [a * a, b, a * b].reduce((x, y) => x + y) ** 2;

export const functionLoss = ([a, b]) =>
  data.map((d) => a * d).reduce(function (sum, d) {
    return (sum + b * d);
  }, 0);

/** The first parameter has another name, too. */
export const argumentsLoss = ([a, b]) =>
  data.reduce(function (sum, d) {
    return sum + a * d + 0 * arguments[0];
  }, b);

/** Empty lists: the initial value, and an error without one. */
export const emptyLoss = ([a, b]) => {
  const initial = [].reduce((sum, d) => sum + d * b, a);
  try {
    return [].reduce((sum, d) => sum + d);
  } catch (error) {
    return error instanceof TypeError ? initial * b : 0;
  }
};

/** Holes are skipped. */
// biome-ignore lint/suspicious/noSparseArray: holes are the case
export const holesLoss = ([a, b]) => [, a, , b].reduce((sum, d) => sum + d * d) + [, ,].reduce((sum, d) => sum + d, b);

/** A class with a reduce of its own, which does more with the sum. */
class Doubling {
  constructor(list) {
    this.list = list;
  }
  reduce(f, initial) {
    let sum = initial * 2;
    for (const each of this.list) sum = f(sum, each);
    return { sum };
  }
}
export const ownReduceLoss = ([a, b]) => new Doubling([a, 3]).reduce((sum, d) => sum + d * b, a).sum;

/** Typed arrays have another reduce. */
export const typedLoss = ([a, b]) =>
  new Float64Array([a, b]).reduce((sum, d) => sum + d * d, 0) + new Uint8Array([1, 2]).reduce((sum, d) => sum + d * a, b);

/** Text and vectors as sums. */
export const otherSumsLoss = ([a, b]) => {
  const text = data.reduce((sum, d) => sum + d, '');
  const lists = data.reduce((sum, d) => sum + [d], []);
  return a * text.length + b * lists.length;
};

/** A sum of sums of products, one reduction in another. */
export const matrixLoss = (p) => {
  const rows = [p.slice(0, 2), p.slice(2, 4)];
  return rows.reduce((sum, row, i) => sum + row.reduce((inner, v, j) => inner + v * p[j] * (i + 1), p[i]) ** 2, 0);
};

/** Not a sum: the accumulated value is a factor. */
export const hornerLoss = ([x, y]) => data.reduce((sum, d) => sum * x + d * y, 0);
