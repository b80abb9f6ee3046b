/** Optional calls, Reflect, methods borrowed from a prototype. */
export function borrowedLoss([x, y]: number[]): number {
  const hooks: { before?: (v: number) => number; scale: (v: number) => number } = { scale: (v) => v * 2 };
  const before = hooks.before?.(x);
  const squares: number[] = Array.prototype.map.call([x, y], (v) => (v as number) ** 2);
  return hooks.scale?.(x) + (before ?? y) + Reflect.apply(Math.pow, null, [x, 3]) + squares[0] * squares[1];
}

/** Arrays with holes, delete, in, void. */
export function holesLoss([x, y]: number[]): number {
  const a = [x, , y] as number[];
  let s = 0;
  a.forEach((v) => {
    s += v;
  });
  delete a[0];
  for (const v of a) s += v ?? 1;
  const box: Record<string, number> = { y };
  return s * ('y' in box ? box.y : 100) + (void x ?? 1) + a.length;
}

/** Class expressions, static accessors, properties of super, new.target. */
export function shapesLoss([x, y]: number[]): number {
  const Shape = class {
    static unit = 2;
    static get doubled() {
      return this.unit * 2;
    }
    width: number;
    constructor() {
      this.width = new.target === Shape ? 0 : x;
    }
    area() {
      return this.width * y;
    }
  };
  class Square extends Shape {
    static override unit = 3;
    static #made = 0;
    static make() {
      this.#made += 1;
      return new this();
    }
    override area() {
      return super.area() + this.width ** 2 * Square.doubled;
    }
    static get made() {
      return Square.#made;
    }
  }
  return Square.make().area() + Square.made;
}

/** Patterns in catch, in loops and in parameters. */
export function patternsLoss(p: number[]): number {
  let s = 0;
  try {
    throw { cost: p[0] * p[1], inner: { list: [p[2]] } };
  } catch ({
    cost,
    inner: {
      list: [last],
    },
  }: any) {
    s += cost * last;
  }
  for (const [i, { v, ...rest }] of p.map((v, k) => ({ v, k })).entries()) s += v * (i + rest.k);
  const apply = ({ f, args: [a, b] = [2, p[1]] }: { f: (a: number, b: number) => number; args?: number[] }) => f(a, b);
  return s + apply({ f: (a, b) => a * b }) + apply({ f: Math.max, args: [p[0], 1e3] });
}

/** A derivative by finite differences, inside the loss. */
export function steepnessLoss([x]: number[]): number {
  const f = (v: number) => v ** 3 - v;
  const h = 0.5;
  return ((f(x + h) - f(x - h)) / (2 * h)) ** 2;
}

/**
 * Bisection alone: its result is a fixed fraction of the interval, and that is what is
 * differentiated. The derivative of the true root is different, as differences show.
 */
export function bisectionLoss([b]: number[]): number {
  let low = 0;
  let high = b;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (middle ** 3 + middle > b) high = middle;
    else low = middle;
  }
  return (high - 1) ** 2;
}

/** A deep recursion and a long loop of moderate size. */
export function deepLoss([x]: number[]): number {
  const sum = (n: number): number => (n === 0 ? 0 : x / n + sum(n - 1));
  let s = 0;
  for (let i = 0; i < 20000; i++) s += x * 1e-4;
  return sum(500) * s;
}
