// How the vector reaches a loss: arrays, typed arrays, objects, numbers, rest parameters; and what else a parameter may be.
type Weights = readonly number[];
interface Line { slope: number; offset: number }
type Curve = Line & { bend: number };

const xs = [0, 1, 2, 3];
const ys = [1, 3, 2, 5];

export function pattern({ slope, offset }: Line): number {
  let s = 0;
  for (let i = 0; i < xs.length; i++) s += (slope * xs[i] + offset - ys[i]) ** 2;
  return s;
}

export const renamed = ({ offset: b, slope: a = 1 }: { slope?: number, offset: number }) => a * b + b ** 3;

export function members(p: Curve): number {
  const at = (x: number) => p.bend * x * x + p.slope * x + p['offset'];
  return xs.reduce((s, x, i) => s + (at(x) - ys[i]) ** 2, 0);
}

/** The loss changes its own object, which the next call must not see. */
export function changed(p: { a: number; b: number }): number {
  p.a *= p.b;
  p.a += 1;
  return p.a * p.a;
}

/** What a loss passes on is an ordinary object: its keys, a copy, a spread. */
export function keys(p: Record<'a' | 'b' | 'c', number>): number {
  const copy = { ...p, b: p.b * 2 };
  return Object.keys(copy).length * copy.a * copy.b + Object.values(copy).reduce((s, v) => s + v * v, 0);
}

export const withRest = ({ a, ...others }: Record<string, number>) => a * others.b + Math.exp(others.c * a);

export function two(x: number, y: number): number { return x * x * y + Math.sin(y); }

export const three = (x: number, y: number, z: number) => { x += y; return (x * z) ** 2; };

export const one = (t: number) => t > 1 ? t ** 3 : t ** 2;

export function rest(...p: number[]): number { return p.reduce((s, x, i) => s + (i + 1) * x ** 2, 0); }

export const restPattern = (...[a, b]: [number, number]) => a / b;

export const forwarded = (...p: number[]) => two(...(p as [number, number])) + Math.max(...p);

export function aliased(w: Weights): number { return w[0] * w[1] + w.length; }

export const tuple = (w: [x: number, y: number]) => Math.hypot(...w);

export const list = (w: Array<number>, lambda = 0.1) => w.reduce((s, x) => s + (x - 1) ** 2 + lambda * x * x, 0);

export function data(w: number[], rows?: number[][]): number {
  return (rows ?? [[1, 2], [2, 4]]).reduce((s, [x, y]) => s + (w[0] * x + w[1] - y) ** 2, 0);
}

/** Functions of the array prototype, which a Float64Array has, too. */
export const typed = (w: Float64Array) => w.map((x) => x * x).reduce((s, x) => s + x, 0) + w.BYTES_PER_ELEMENT;

export const typedPattern = ([a, b]: Float64Array) => a ** b;

export function batch({ slope, offset }: Line, { indices }: { indices: readonly number[] }): number {
  return indices.reduce((s, i) => s + (slope * xs[i] + offset - ys[i]) ** 2, 0);
}

export const noisy = (x: number, y: number, { random }: { random(): number }) => (x - random()) ** 2 + x * y;

export function generic<V extends Readonly<Line>>({ slope, offset }: V): number { return slope ** offset; }

export async function later({ slope, offset }: Line): Promise<number> {
  await null;
  return slope * slope * offset;
}
