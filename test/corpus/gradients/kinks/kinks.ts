// Losses with kinks: the gradient at a kink is a convention, and must be the documented one.

export const absLoss = ([x, y]: number[]): number => Math.abs(x) + 2 * Math.abs(y - 1) + Math.sign(x) * 5;

export const clampLoss = ([x, y]: number[]): number => Math.min(Math.max(x, -1), 1) * 3 + Math.max(0, Math.min(y, 10));

export const tieLoss = ([x, y, z]: number[]): number => Math.max(x, y) + 10 * Math.min(y, z) + 100 * Math.max(x, y, z);

export const normLoss = ([x, y]: number[]): number => Math.hypot(x, y) + 0.5 * Math.hypot(x);

export const angleLoss = ([x, y]: number[]): number => Math.atan2(y, x) ** 2 + 3 * Math.atan2(x, y);

export const roundLoss = ([x, y]: number[]): number =>
  x * Math.floor(y) + Math.ceil(x) + Math.round(y) * y + Math.trunc(x) + (x - Math.floor(x));

export const remainderLoss = ([x, y]: number[]): number => (x % y) + ((x % 3) + 3) % 3 + 7 % y;

export const powerLoss = ([x, y]: number[]): number => x ** 0 + x ** 1 + x ** 2 + Math.pow(x, 3) + 0 ** y + 2 ** y;

export const powLoss = ([x, y]: number[]): number => x ** y;

export const guardedRootLoss = ([x]: number[]): number => Math.sqrt(Math.max(x, 0));

export const rootLoss = ([x, y]: number[]): number => Math.sqrt(x) + y ** 2;

export const guardedRatioLoss = ([x, y]: number[]): number => {
  const ratio = y === 0 ? 0 : x / y;
  const safe = Math.max(y, 0) > 0 ? Math.log(y) : -1;
  return ratio ** 2 + safe;
};

/** Intermediate values are infinite, the result is finite: unselected values and those with weight 0 contribute nothing. */
export const saturatedLoss = ([x, y]: number[]): number => Math.exp(-Math.exp(x)) + Math.min(Math.exp(x), y) + 1 / (1 + Math.exp(x));

/** An intermediate logarithm of 0 that is not selected. */
export const floorLoss = ([x, y]: number[]): number => Math.max(Math.log(x), -30) * y;

/** A length at the origin: infinity times 0 in the reverse sweep. */
export const distanceLoss = ([x, y]: number[]): number => 3 * Math.sqrt((x - 1) ** 2 + (y - 2) ** 2) + x;

export const reluLoss = ([x, w]: number[]): number => {
  const relu = (v: number) => (v > 0 ? v : 0);
  const leaky = (v: number) => Math.max(v, 0.1 * v);
  const hinge = (v: number) => Math.max(0, 1 - v) ** 2;
  return relu(w * x) + leaky(w - x) + hinge(w * x);
};

export const integerPartLoss = ([x]: number[]): number => {
  const i = Math.min(Math.floor(x), 3);
  const knots = [0, 1, 4, 9, 16];
  const t = x - i;
  return knots[i] * (1 - t) + knots[i + 1] * t;
};

export const chebyshevLoss = (p: number[]): number => Math.max(...p.map((v, i) => Math.abs(v - i)));

export const integerMathLoss = ([x]: number[]): number => Math.clz32(x) + Math.imul(x, 3) + x + Math.fround(0.5) + -(x ** 2);

export const constantLoss = (_p: number[]): number => 42;

export const oneLoss = ([, y]: number[]): number => y;
