import type { Random } from '../../../src/core/numerics/random';
import { both, type Copies } from './copies';
import type { Instances } from './instances';

/** One form of arguments. Each draw gives equal but separate values to the two copies. */
export type Form = (random: Random, instances: Instances) => Copies;

type Make = (random: Random) => unknown;

// Neither large numbers, which may be sizes, nor NaN, with which some loops do not end.
const numbers = [0, 1, -1, 0.5, 2, 3, 4, 8, 10, -0, 1e-8];
const texts = ['', 'a', 'b', 'x', 'steelblue', '#1f77b4', 'x + y', 'x', 'red'];
const numerals = ['12.5', '3', '-0.25', '1e2', '0'];
/** Each call makes a function, because packages write properties of functions. */
const functions: readonly (() => (...args: never[]) => unknown)[] = [
  () => (x: unknown) => x,
  () => (a: number, b: number) => a - b,
  () =>
    (a: number, b = 1) =>
      a * b + 0.5,
  () => () => 1,
  () => (x: number) => x * x - 2,
  () =>
    ([x, y]: number[]) =>
      (x ?? 0) * 2 + (y ?? 0),
  () => (x: number) => x > 1,
];

const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;
const count = (random: Random, least: number, most: number) =>
  least + Math.floor(random() * (most - least + 1));
const listOf = (make: Make, random: Random, least = 1, most = 6) =>
  Array.from({ length: count(random, least, most) }, () => make(random));

const number: Make = (random) =>
  random() < 0.3 ? pick(numbers, random) : Math.round((random() * 8 - 2) * 64) / 64;
const integer: Make = (random) => count(random, 0, 8);
const share: Make = (random) => Math.round(random() * 1024) / 1024;
const numberList: Make = (random) => listOf(number, random);
const square: Make = (random) => {
  const n = count(random, 1, 3);
  return Array.from({ length: n }, () => Array.from({ length: n }, () => number(random)));
};
const pair: Make = (random) => [number(random), number(random)];
const point: Make = (random) => ({ x: number(random), y: number(random), z: number(random) });
const angle: Make = (random) => ({ latitude: number(random) as number, longitude: number(random) as number });
const record: Make = (random) => ({ a: number(random), b: number(random), value: number(random) });

/** The draws of plain data, the frequent ones several times. */
const data: readonly Make[] = [
  number,
  number,
  number,
  integer,
  integer,
  share,
  numberList,
  numberList,
  (random) => Array.from({ length: 3 }, () => number(random)),
  (random) => Array.from({ length: 2 ** count(random, 1, 4) }, () => number(random)),
  (random) => listOf(integer, random),
  square,
  (random) => listOf(pair, random, 3, 6),
  (random) => listOf(point, random, 3, 5),
  point,
  angle,
  record,
  (random) => listOf(record, random),
  (random) => pick(texts, random),
  (random) => pick(numerals, random),
  (random) => listOf((own) => pick(texts, own), random),
  (random) => random() < 0.5,
  () => undefined,
];

/** Values that cannot be copied as data. */
const others: readonly ((random: Random) => () => unknown)[] = [
  (random) => {
    const make = pick(functions, random);
    return () => make();
  },
  (random) => {
    const elements = Array.from({ length: 4 }, () => number(random) as number);
    return () => Float64Array.from(elements);
  },
  (random) => {
    const elements = Array.from({ length: pick([3, 4, 9, 16], random) }, () => number(random) as number);
    return () => Float32Array.from(elements);
  },
  (random) => {
    const ms = Math.floor(random() * 1.6e12);
    return () => new Date(ms);
  },
];

const instance: Form = (random, instances) => instances.any(random) ?? both(() => 1);

export const forms: readonly Form[] = [
  ...data.map(
    (make): Form =>
      (random) => {
        const value = make(random);
        return both(() => structuredClone(value));
      },
  ),
  ...others.map(
    (prepare): Form =>
      (random) =>
        both(prepare(random)),
  ),
  instance,
  instance,
  instance,
  instance,
];

/**
 * The forms of the arguments of a call. Functions often accept only a few forms, so one that did not throw
 * with some forms is called with these more often.
 *
 * @param accepted  the forms of calls that did not throw
 * @param arity     how many parameters the function declares
 */
export function formsFor(
  accepted: readonly (readonly Form[])[],
  arity: number,
  random: Random,
): readonly Form[] {
  if (accepted.length > 0 && random() < 0.65) return pick(accepted, random);
  const length = arity > 0 && random() < 0.7 ? arity : count(random, 0, 4);
  const isUniform = random() < 0.5;
  const form = pick(forms, random);
  return Array.from({ length }, () => (isUniform ? form : pick(forms, random)));
}
