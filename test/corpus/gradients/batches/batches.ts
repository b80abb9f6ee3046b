interface Context {
  step: number;
  epoch: number;
  indices: readonly number[];
  random(): number;
}

const data = Array.from({ length: 8 }, (_, i) => ({ x: i - 3.5, y: (i * 3) % 5 }));

/**
 * @loss
 * @start [0, 0]
 * @samples 8
 * @batch 3
 */
export function batchLoss([w, b]: number[], { indices }: Context): number {
  let s = 0;
  for (const i of indices) s += (w * data[i].x + b - data[i].y) ** 2;
  return s / indices.length;
}

/** Dropout: the random numbers are plain values. */
export function dropoutLoss(w: number[], context: Context): number {
  const keep = w.map(() => (context.random() < 0.5 ? 0 : 2));
  const noise = context.random() - 0.5;
  return w.reduce((s, v, i) => s + keep[i] * v * (i + 1), noise * w[0]) ** 2;
}

/** A penalty that grows with the number of the step. */
export const annealedLoss = ([x]: number[], { step, epoch }: Context): number => {
  const beta = Math.min(1, step / 10);
  return (x - 1) ** 2 + beta * x ** 4 + epoch;
};

/** A random order that does not change the result, and a use of the clock. */
export function shuffledLoss([a, b]: number[]): number {
  const started = Date.now();
  const order = [...data.keys()];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  let s = 0;
  for (const i of order) s += a * data[i].x ** 2 + b * i;
  if (performance.now() < 0 || new Date().getTime() < started - 1e6) return NaN;
  return s ** 2;
}

/** Changes its array argument. */
export function inPlaceLoss(p: number[]): number {
  p.sort((a, b) => b - a);
  p[0] *= 2;
  p.length = 2;
  p.push(p[0] * p[1]);
  return p.reduce((s, v) => s + v, 0);
}

/** Frozen and sealed parameters, symbols as keys. */
export function frozenLoss(p: Float64Array): number {
  const key = Symbol('weight');
  const o = Object.freeze({ [key]: p[0], list: Object.freeze([...p]) });
  const copy = { ...o, extra: o[key] * 2 };
  return copy[key] * copy.extra + copy.list[1] + ('extra' in copy ? p[1] : 0);
}

const units = { metre: 1, inch: 0.0254 } as const;
enum Side {
  Left = -1,
  Right = 1,
}

/** TypeScript features: enums, satisfies, assertions, overloads. */
export function typedLoss(p: number[]): number;
export function typedLoss(p: number[], _c?: Context): number {
  const [x, y] = p as [number, number];
  const sides = { a: Side.Left, b: Side.Right } satisfies Record<string, Side>;
  const pick = <T extends { v: number }>(o: T): T['v'] => o.v!;
  return sides.a * x * <number>y + (pick({ v: x }) as number) / units.inch + sides.b * 2 * (y satisfies number);
}
