/** The text of a number, which cannot be differentiated. */
function viaText(x: number): number {
  return Number(String(x)) ** 3;
}
/** @derivative viaText */
const dViaText = (x: number) => 3 * x * x;

export const throughText = ([x, y]: number[]) => viaText(x! * y!) + dViaText(1) * x!;

const made = new Function('x', 'return x === 0 ? 1 : Math.sin(x) / x;') as (x: number) => number;
/** @derivative made */
export function dMade(x: number): number[] {
  return [x === 0 ? 0 : (Math.cos(x) - made(x)) / x];
}

export const ofMadeCode = ([x, y]: number[]) => made(x! + y!) * y!;

/** The y with y³ + y = x, by bisection: no operation connects the result with x. */
const root = (x: number): number => {
  let [low, high] = [-10, 10];
  for (let k = 0; k < 80; k++) {
    const middle = (low + high) / 2;
    if (middle ** 3 + middle < x) low = middle;
    else high = middle;
  }
  return low;
};
/** @derivative root */
export const dRoot = (x: number) => [1 / (3 * root(x) ** 2 + 1)];

export const implicit = ([x, y]: number[]) => root(x! * x!) * y! + root(y!);

/** @derivative power */
export const dPower = (a: number, b: number) => [b * a ** (b - 1), a ** b * Math.log(a)];
export function power(a: number, b: number): number {
  return Number((a ** b).toPrecision(17));
}

export const twoArguments = ([x, y]: number[]) => power(x!, y!) + power(2, x!) + power(y!, 2) + power(2, 3);

function length(v: readonly number[]): number {
  return Number(String(Math.sqrt(v.reduce((total, each) => total + each * each, 0))));
}
/** @derivative length */
export const dLength = (v: readonly number[]) => v.map((each) => each / length(v));

export const ofList = ([x, y]: number[]) => length([x!, 2, y!]) * x!;

function area(points: readonly (readonly number[])[], scale: number): number {
  const [[a, b], [c, d]] = points as [[number, number], [number, number]];
  return Number(String(scale * (a * d - b * c)));
}
/** @derivative area */
export const dArea = ([[a, b], [c, d]]: number[][], scale: number) => [
  [
    [scale * d!, -scale * c!],
    [-scale * b!, scale * a!],
  ],
  a! * d! - b! * c!,
];

export const ofNestedLists = ([x, y]: number[]) =>
  area(
    [
      [x!, y!],
      [3, x! * y!],
    ],
    y!,
  );

function meanOf(values: Float64Array): number {
  return Number(String(values.reduce((total, each) => total + each, 0) / values.length));
}
/** @derivative meanOf */
export const dMeanOf = (values: Float64Array) => [new Float64Array(values.length).fill(1 / values.length)];

export function ofTypedArray([x, y]: number[]): number {
  const values = new Float64Array(3);
  values[0] = x! * x!;
  values[1] = y!;
  values[2] = 4;
  return meanOf(values);
}

export const passedToMap = ([x, y]: number[]) =>
  [x!, y!, 2].map(root).reduce((total, each) => total + each * each, 0);

export const passedOn = ([x, y]: number[]) => applied(viaText, x!) * applied(root, y!);
const applied = (f: (x: number) => number, x: number) => f(x);

export const kernel = { width: 2, smooth: (x: number) => Number(String(Math.exp(-x * x))) };
/** @derivative kernel.smooth */
export const dSmooth = (x: number) => -2 * x * Math.exp(-x * x);

export const ofMember = ([x, y]: number[]) => kernel.smooth(x! / kernel.width) + kernel['smooth'](y!);

export const optional = ([x, y]: number[]) => {
  const none = undefined as typeof kernel | undefined;
  const some = kernel as typeof kernel | undefined;
  return (some?.smooth(x!) ?? 0) + (none?.smooth(x!) ?? y!) + (some?.smooth?.(y!) ?? 0);
};

class Spring {
  readonly stiffness = 3;
  static energy(x: number): number {
    return Number(String(x * x));
  }
  force(x: number): number {
    return Spring.energy(x) * this.stiffness;
  }
}
/** @derivative Spring.energy */
export const dEnergy = (x: number) => 2 * x;

export const ofStaticMethod = ([x, y]: number[]) => new Spring().force(x!) + Spring.energy(y!);

function scaled(x: number, factor = 2, unit = 'm'): number {
  return Number(String(unit === 'km' ? 1000 * factor * x : factor * x));
}
/** @derivative scaled */
export const dScaled = (x: number, factor = 2, unit = 'm') => {
  const per = unit === 'km' ? 1000 : 1;
  return [per * factor, per * x];
};

export const withDefaults = ([x, y]: number[]) => scaled(x!) + scaled(x!, y!) + scaled(y!, 3, 'km');

function factorial(x: number): number {
  return x <= 1 ? Number(String(x)) : x * factorial(x - 1);
}
/** @derivative factorial */
export const dFactorial = (x: number): number =>
  x <= 1 ? 1 : factorial(x - 1) + x * dFactorial(x - 1);

export const recursive = ([x, y]: number[]) => factorial(x!) + y!;

const outer = (x: number) => root(viaText(x));
/** @derivative outer */
export const dOuter = (x: number) => dRoot(viaText(x))[0]! * dViaText(x);

export const nestedRules = ([x, y]: number[]) => outer(x!) + outer(y!) * x!;

export function inLoops([x, y]: number[]): number {
  let total = 0;
  for (let i = 1; i <= 4; i++) total += i % 2 === 0 ? root(i * x!) : kernel.smooth(y! / i);
  const list = [x!, y!];
  list[0]! *= root(list[1]!);
  return total + list[0]!;
}

export const later = async ([x, y]: number[]) => {
  const first = await Promise.resolve(root(x!));
  return first * viaText(y!);
};

export const ofSpread = (p: number[]) => power(...(p as [number, number]));

const count = (x: number) => Math.round(x / 1000);
/** @derivative count */
export const dCount = () => [0];

export const constant = ([x, y]: number[]) => count(x!) * y! + x!;

function generic<T extends number>(x: T): number {
  return Number(String(x * x));
}
/** @derivative generic */
export const dGeneric = (x: number) => 2 * x;

export const ofGeneric = ([x, y]: number[]) => generic<number>(x!) * (generic as (x: number) => number)(y!);
