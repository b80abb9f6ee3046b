// Losses that are finite where their gradients are not.

export const rootLoss = ([x, y]: number[]): number => Math.sqrt(x + 0 * y) + y ** 2;

export const deviationLoss = ([x, y]: number[]): number => {
  const variance = (x + y) / 2 - ((x - y) / 2) ** 2;
  return 3 * Math.sqrt(variance) + x;
};

export const powerLoss = ([x, y]: number[]): number => x ** 0.5 + y;

export const arcLoss = ([x, y]: number[]): number => {
  const cosine = x / Math.hypot(x, y);
  return Math.acos(cosine) + x ** 2;
};

export const arcsineLoss = ([x]: number[]): number => Math.asin(x) * 2;

export const arcoshLoss = ([x]: number[]): number => 1 + Math.acosh(x);

export const cubeRootLoss = ([x, y]: number[]): number => Math.cbrt(x) + y * y;

/** The exponent is a parameter, so its derivative contains a logarithm of the base. */
export const exponentLoss = ([base, exponent]: number[]): number => base ** exponent;

export const steepLoss = ([x]: number[]): number => 1e-200 / x;

/** Infinite derivatives of both signs: their sum is NaN. */
export const opposedLoss = ([x]: number[]): number => {
  const r = Math.sqrt(x);
  return x ** 0.25 - r;
};

/** A root in an imported file. */
export { lengthLoss } from './length.cjs';
