const cube = (x: number) => Number(String(x ** 3));
/** @derivative cube */
export const dCube = (x: number) => 3 * x;

export const wrongFactor = ([x, y]: number[]) => cube(x!) + y!;

const step = (x: number) => Math.floor(x);
/** @derivative step */
export const dStep = () => 1;

export const straightThrough = ([x, y]: number[]) => step(x!) * y!;

const pair = (a: number, b: number) => Number(String(a * b));
/** @derivative pair */
export const dPair = (_: number, b: number) => [b];

export const missingPartial = ([x, y]: number[]) => pair(x!, y!);

const scaled = (x: number, factor = 2) => Number(String(x * factor));
/** @derivative scaled */
export const dScaled = (_: number, factor = 2) => [factor];

export const missingDefault = ([x, y]: number[]) => scaled(x!) + scaled(x!, y!);

const swapped = (a: number, b: number) => Number(String(a * a * b));
/** @derivative swapped */
export const dSwapped = (a: number, b: number) => [a * a, 2 * a * b];

export const swappedPartials = ([x, y]: number[]) => swapped(x!, y!);

const list = (x: number) => [x, x];
/** @derivative list */
export const dList = () => [1];

export const notANumber = ([x, y]: number[]) => list(x!)[0]! + y!;

let offset = 0;
const shifted = (x: number) => x * offset;
/** @derivative shifted */
export const dShifted = () => [0];

export const otherParameters = ([x, y]: number[]) => {
  offset = y!;
  return shifted(x!);
};

function last(v: number[]): number {
  v.reverse();
  return v[0]!;
}
/** @derivative last */
export const dLast = (v: number[]) => v.map((_, i) => (i === v.length - 1 ? 1 : 0));

export const changedArgument = ([x, y]: number[]) => last([x!, y!]);

const twice = (x: number) => 2 * x;
/** @derivative twice */
export const dTwice = () => 2;
/** @derivative  twice */
export const dTwiceAgain = () => 2;

export const twoRules = ([x, y]: number[]) => twice(x!) + y!;
