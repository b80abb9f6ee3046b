type Fn = (x: number) => number;

const gaussian =
  (mean: number, width: number): Fn =>
  (x) =>
    Math.exp(-0.5 * ((x - mean) / width) ** 2);
const pipe =
  (...fns: Fn[]): Fn =>
  (x) =>
    fns.reduce((v, f) => f(v), x);

/** Curried functions and a pipeline of them. */
export function bumpLoss([mean, width, target]: number[]): number {
  const bump = gaussian(mean, width);
  const score = pipe(bump, (v) => v - target, (v) => v ** 2);
  return [-1, 0, 2].map(score).reduce((a, b) => a + b);
}

/** A counter that closes over its state, called through bind, call and apply. */
export function counterCost(this: unknown, [x, y]: number[]): number {
  function makeCounter(start: number) {
    let value = start;
    return {
      up: (by = value) => (value += by),
      get value() {
        return value;
      },
    };
  }
  const counter = makeCounter(x);
  counter.up();
  counter.up(y);
  function scaled(this: { k: number }, a: number, b: number) {
    return this.k * a * b;
  }
  return scaled.call({ k: y }, counter.value, 2) + scaled.apply({ k: 3 }, [x, y]) + scaled.bind({ k: x }, 1)(x);
}

const fib = (n: number, a: number, b: number): number => (n === 0 ? a : fib(n - 1, b, a + b));
const isEven = (n: number, v: number): number => (n === 0 ? v : isOdd(n - 1, v * 1.5));
const isOdd = (n: number, v: number): number => (n === 0 ? -v : isEven(n - 1, v + 1));

/** Recursion: alone, mutual, anonymous. */
export function recursiveLoss([a, b]: number[]): number {
  const power = ((self: any) => self(self))((self: any) => (x: number, n: number): number => (n ? x * self(self)(x, n - 1) : 1));
  return fib(7, a, b) + isEven(3, a) + power(b, 5);
}

type Tree = { op: '+' | '*' | 'x' | 'y' | 'exp'; parts?: Tree[] };
const tree: Tree = {
  op: '+',
  parts: [
    { op: '*', parts: [{ op: 'x' }, { op: 'x' }, { op: 'y' }] },
    { op: 'exp', parts: [{ op: '*', parts: [{ op: 'x' }, { op: 'y' }] }] },
    { op: 'y' },
  ],
};

/** An interpreter of an expression tree. */
export function treeLoss([x, y]: number[]): number {
  const run = ({ op, parts = [] }: Tree): number => {
    switch (op) {
      case 'x':
        return x;
      case 'y':
        return y;
      case '+':
        return parts.map(run).reduce((a, b) => a + b, 0);
      case '*':
        return parts.map(run).reduce((a, b) => a * b, 1);
      case 'exp':
        return Math.exp(run(parts[0]));
    }
  };
  return run(tree);
}

/** Arguments by `arguments`, rest parameters, and defaults that depend on each other. */
export function argumentsLoss([x, y, z]: number[]): number {
  function total() {
    let s = 0;
    for (let i = 0; i < arguments.length; i++) s += arguments[i] * (i + 1);
    return s;
  }
  const area = (w: number, h = w * 2, ...more: number[]) => w * h + more.length * w;
  return (total as (...n: number[]) => number)(x, y, z) + area(x) + area(x, y) + area(z, z, x, y);
}
