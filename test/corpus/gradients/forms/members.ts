// Where a loss may stand: in an object, in a class, behind a factory, as the default.
const scale = (k: number) => (w: number[]) => k * (w[0] ** 2 + w[1]);

export const losses = {
  factor: 3,
  /** A method that uses its object. */
  square([x, y]: number[]): number { return this.factor * x * x * y; },
  arrow: ({ a, b }: { a: number; b: number }) => a * b * b,
  inner: { cube: (x: number) => x ** 3 },
  'quoted': function (w: Float64Array) { return w[0] * w[1]; },
};

export class Model {
  static weight = 2;
  static #bias = 1;
  static loss(w: number[]): number { return this.weight * this.square(w[0]) + Model.#bias * w[1]; }
  static square(x: number) { return x * x; }
  static arrow = (p: { a: number; b: number }) => p.a ** 2 / p.b;
}

export namespace Space {
  const twice = (x: number) => 2 * x;
  export function loss({ a, b }: { a: number; b: number }): number { return twice(a) * b; }
}

export const made = scale(4);

export default function ({ a, b }: { a: number; b: number }): number { return a - a * b; }
