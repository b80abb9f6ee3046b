import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ratio } from './helpers';
import rows from './rows.json';

export const zeroOverZero = ([x, y]: number[]): number => 1 + (x * y) / (x * x);

export const overZero = ([x]: number[]): number => {
  const gap = x - 2;
  return 3 + 1 / gap;
};

export const logOfNegative = ([x]: number[]): number => 100 * x - Math.log(x);

export const rootOfNegative = ([a, b, c]: number[]): number => {
  const discriminant = b ** 2 - 4 * a * c;
  return (-b + Math.sqrt(discriminant)) / (2 * a);
};

export const overflow = ([x]: number[]): number => {
  const e = Math.exp(x);
  return e / (1 + e);
};

/** Two infinities: the first one is the origin. */
export const difference = ([x, y]: number[]): number => Math.exp(x) - Math.exp(y);

/** An underflow first, which is finite, and then zero times infinity. */
export const zeroTimesInfinity = ([x]: number[]): number => {
  const small = Math.exp(-x);
  const large = Math.exp(x);
  return small * large;
};

export const powerOfNegative = ([x]: number[]): number => 1 + x ** 0.5;

export const squareOverflow = ([x]: number[]): number => {
  let v = x;
  for (let i = 0; i < 12; i++) v *= v;
  return v;
};

export const outOfRange = (p: number[]): number => {
  let s = 0;
  for (let i = 0; i <= p.length; i++) s += p[i] * 2;
  return s;
};

export const missingField = ([x]: number[]): number => {
  const weights = { near: 2 } as Record<string, number>;
  return x * weights.far + 1;
};

export const parsedText = ([x]: number[]): number => {
  const [first, second] = '0.5;n/a'.split(';').map(Number);
  return x * first + (x - second) ** 2;
};

export const inImported = ([x, y]: number[]): number => ratio(x, y) + ratio(y, x);

export const inData = ([slope]: number[]): number => {
  let s = 0;
  for (const { x, y } of rows) s += (slope * x - y!) ** 2;
  return s;
};

export const inFile = ([x]: number[]): number => {
  const text = readFileSync(join(__dirname, 'level.txt'), 'utf8');
  return x * parseFloat(text);
};

/** An intended infinity without consequences comes before the one that is the origin. */
export const harmlessFirst = ([x, y]: number[]): number => {
  let best = Infinity;
  for (const v of [x, y]) best = Math.min(best, v * v);
  const weight = Math.exp(Math.log(x));
  return best + weight + Math.log1p(y);
};

export const atanhAtOne = ([x]: number[]): number => Math.atanh(x) * 2;

export const arcOutside = ([x, y]: number[]): number => Math.acos(x / y);

export const remainderOfZero = ([x]: number[]): number => (x % Math.floor(x / 10)) + 1;
