// Module state that is kept between calls.

let best = Infinity;
/** The distance from the best loss so far. */
export function improvementLoss([x, y]: number[]): number {
  const loss = x ** 2 + y ** 2;
  const result = loss < best ? loss : loss + (loss - best);
  best = Math.min(best, loss);
  return result;
}

const powers = new Map<number, number>();
/** A memo of values that depend on the parameters, with keys that do not. */
export function memoLoss([x, y]: number[]): number {
  const power = (n: number): number => {
    const known = powers.get(n);
    if (known !== undefined) return known;
    const made = n === 0 ? 1 : x * power(n - 1);
    powers.set(n, made);
    return made;
  };
  return power(3) + y * power(2);
}

const binomials: Record<string, number> = {};
const binomial = (n: number, k: number): number =>
  k === 0 || k === n ? 1 : (binomials[`${n},${k}`] ??= binomial(n - 1, k - 1) + binomial(n - 1, k));
/** A memo of plain numbers. */
export function bernsteinLoss(p: number[]): number {
  const n = p.length - 1;
  return [0.25, 0.5, 0.75].reduce(
    (s, t) => s + p.reduce((b, v, k) => b + v * binomial(n, k) * t ** k * (1 - t) ** (n - k), 0) ** 2,
    0,
  );
}

class Tracker {
  calls = 0;
  #last: number[] = [0, 0];
  step(p: number[]): number {
    this.calls++;
    const moved = p.reduce((s, v, i) => s + (v - this.#last[i]) ** 2, 0);
    this.#last = p;
    return moved + this.calls;
  }
}
const tracker = new Tracker();
/** The parameters of the previous call. */
export const movedLoss = (p: number[]): number => tracker.step(p);

let average = 0;
/** An average of plain numbers over calls: rounded values have no derivative and may be kept. */
export function averagedLoss([x]: number[]): number {
  average += Math.floor(x);
  return x * average;
}

let waiting: Promise<number> | null = null;
/** Awaits a promise of the previous call. */
export async function lateLoss([x]: number[]): Promise<number> {
  const before = (await waiting) ?? 1;
  waiting = Promise.resolve(x * x);
  return before * x;
}

let work: number[] = [];
/** A list that is filled again in every call may be a module variable. */
export function reusedLoss(p: number[]): number {
  work.length = 0;
  for (const v of p) work.push(v * v);
  let s = 0;
  for (let i = 0; i < work.length; i++) s += work[i] * (i + 1);
  return s;
}

const cache = new WeakMap<object, number>();
/** A cache by object, where the objects exist for one call. */
export function weakLoss(p: number[]): number {
  const norm = (v: number[]): number => {
    let n = cache.get(v);
    if (n === undefined) cache.set(v, (n = v.reduce((s, x) => s + x * x, 0)));
    return n;
  };
  return norm(p) * 2 + norm(p) ** 2;
}

const momentum = new Float64Array(2);
/** A work buffer whose previous contents are read. */
export function momentumLoss(p: number[]): number {
  for (let i = 0; i < 2; i++) momentum[i] = 0.5 * momentum[i] + p[i];
  return momentum[0] * momentum[1];
}

let swallowed = 0;
/** Reads a kept value inside a try: the catch hides the error, but the result must still be refused. */
export function swallowedLoss([x]: number[]): number {
  let s = x * x;
  try {
    s += swallowed * 3;
  } catch {
    s += 0;
  }
  swallowed = x;
  return s;
}

const bowls: Record<string, number> = {};
const bowl = (p: number[]): number => (bowls[p.join(',')] ??= p.reduce((s, v) => s + v * v, 0));
/** A memo by the text of the parameters, used in a sum. */
export const keyedLoss = (p: number[]): number => bowl(p) + p[0];

const valleys = new Map<string, number>();
/** A memo by the text of the parameters, returned directly. */
export function returnedLoss(p: number[]): number {
  const key = `${p[0]},${p[1]}`;
  if (!valleys.has(key)) valleys.set(key, (p[0] - 1) ** 2 + p[1] ** 2);
  return valleys.get(key)!;
}
