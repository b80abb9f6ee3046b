import { closedForm, type GradientCase } from './case';

const own = 'derivatives/own.ts';
const wrong = 'derivatives/wrong.ts';

type Formula = Parameters<typeof closedForm>[0];

const points = [
  [0.75, 1.5],
  [1.25, 0.5],
];

const row = (
  name: string,
  loss: string,
  formula: Formula,
  more: Partial<GradientCase> = {},
): GradientCase => ({
  name: `a derivative of one's own: ${name}`,
  file: own,
  loss,
  dim: 2,
  points: closedForm(formula, ...points),
  ...more,
});

const refused = (
  name: string,
  loss: string,
  expression: string,
  why: string,
  formula: Formula,
): GradientCase => ({
  name: `a derivative that is wrong: ${name}`,
  file: wrong,
  loss,
  dim: 2,
  points: closedForm(formula, ...points),
  refused: { expression, why },
});

/** The y with y³ + y = x (Cardano), and its derivative. */
function root(x: number): number {
  const s = Math.sqrt((x * x) / 4 + 1 / 27);
  return Math.cbrt(x / 2 + s) + Math.cbrt(x / 2 - s);
}
const dRoot = (x: number) => 1 / (3 * root(x) ** 2 + 1);
const sinc = (x: number) => Math.sin(x) / x;
const dSinc = (x: number) => (Math.cos(x) - sinc(x)) / x;
const smooth = (x: number) => Math.exp(-x * x);
const dSmooth = (x: number) => -2 * x * smooth(x);

/** erf by its Taylor series, DLMF 7.6.1, which is exact to rounding for the arguments below. */
function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

export const cases: readonly GradientCase[] = [
  row('a number that goes through text', 'throughText', (x = 0, y = 0) => [
    (x * y) ** 3 + 3 * x,
    [3 * (x * y) ** 2 * y + 3, 3 * (x * y) ** 2 * x],
  ]),
  row('a function made from text', 'ofMadeCode', (x = 0, y = 0) => [
    sinc(x + y) * y,
    [dSinc(x + y) * y, dSinc(x + y) * y + sinc(x + y)],
  ]),
  row('a root by bisection', 'implicit', (x = 0, y = 0) => [
    root(x * x) * y + root(y),
    [dRoot(x * x) * 2 * x * y, root(x * x) + dRoot(y)],
  ]),
  row('two arguments, of which one or none depends on the parameters', 'twoArguments', (x = 0, y = 0) => [
    x ** y + 2 ** x + y * y + 8,
    [y * x ** (y - 1) + 2 ** x * Math.LN2, x ** y * Math.log(x) + 2 * y],
  ]),
  row('a list', 'ofList', (x = 0, y = 0) => {
    const r = Math.hypot(x, 2, y);
    return [r * x, [(x / r) * x + r, (y / r) * x]];
  }),
  row('nested lists and a number', 'ofNestedLists', (x = 0, y = 0) => [
    y * (x * x * y - 3 * y),
    [2 * x * y * y, 2 * y * (x * x - 3)],
  ]),
  row('a typed array', 'ofTypedArray', (x = 0, y = 0) => [(x * x + y + 4) / 3, [(2 * x) / 3, 1 / 3]]),
  row('passed to map', 'passedToMap', (x = 0, y = 0) => [
    root(x) ** 2 + root(y) ** 2 + root(2) ** 2,
    [2 * root(x) * dRoot(x), 2 * root(y) * dRoot(y)],
  ]),
  row('passed to a function', 'passedOn', (x = 0, y = 0) => [
    x ** 3 * root(y),
    [3 * x * x * root(y), x ** 3 * dRoot(y)],
  ]),
  row('a function of an object', 'ofMember', (x = 0, y = 0) => [
    smooth(x / 2) + smooth(y),
    [dSmooth(x / 2) / 2, dSmooth(y)],
  ]),
  row('optional calls', 'optional', (x = 0, y = 0) => [
    smooth(x) + y + smooth(y),
    [dSmooth(x), 1 + dSmooth(y)],
  ]),
  row('a static method', 'ofStaticMethod', (x = 0, y = 0) => [3 * x * x + y * y, [6 * x, 2 * y]]),
  row('default values and a text among the arguments', 'withDefaults', (x = 0, y = 0) => [
    2 * x + x * y + 3000 * y,
    [2 + y, x + 3000],
  ]),
  row('a function that calls itself', 'recursive', (x = 0, y = 0) =>
    x <= 1 ? [x + y, [1, 1]] : [x * (x - 1) + y, [2 * x - 1, 1]],
  ),
  row('a function that calls others with derivatives', 'nestedRules', (x = 0, y = 0) => {
    const [f, g] = [root(x ** 3), root(y ** 3)];
    return [f + g * x, [dRoot(x ** 3) * 3 * x * x + g, dRoot(y ** 3) * 3 * y * y * x]];
  }),
  row('sums, branches and elements', 'inLoops', (x = 0, y = 0) => [
    smooth(y) + root(2 * x) + smooth(y / 3) + root(4 * x) + x * root(y),
    [2 * dRoot(2 * x) + 4 * dRoot(4 * x) + root(y), dSmooth(y) + dSmooth(y / 3) / 3 + x * dRoot(y)],
  ]),
  row('an asynchronous loss', 'later', (x = 0, y = 0) => [
    root(x) * y ** 3,
    [dRoot(x) * y ** 3, root(x) * 3 * y * y],
  ]),
  row('spread arguments', 'ofSpread', (x = 0, y = 0) => [x ** y, [y * x ** (y - 1), x ** y * Math.log(x)]]),
  row('a derivative of 0', 'constant', (x = 0) => [x, [1, 0]]),
  row('a generic function and a cast', 'ofGeneric', (x = 0, y = 0) => [
    x * x * y * y,
    [2 * x * y * y, 2 * y * x * x],
  ]),
  row(
    'functions of other modules',
    'ofOtherModules',
    (x = 0, y = 0) => {
      const slope = (2 / Math.sqrt(Math.PI)) * smooth(x * y);
      return [erf(x * y) + smooth(y), [slope * y, slope * x + dSmooth(y)]];
    },
    { file: 'derivatives/apart.ts' },
  ),
  row('beside a namespace', 'besideNamespace', (x = 0, y = 0) => [2 * x ** 3 + y, [6 * x * x, 1]], {
    file: 'derivatives/lowered.ts',
  }),
  row('CommonJS', 'loss', (x = 0, y = 0) => [x * y + 5, [y, x]], { file: 'derivatives/common.cjs' }),

  refused(
    'a missing power',
    'wrongFactor',
    '@derivative cube',
    'finite differences of cube',
    (x = 0, y = 0) => [x ** 3 + y, [3 * x * x, 1]],
  ),
  refused(
    'a step is not its argument',
    'straightThrough',
    '@derivative step',
    'dStep of step',
    (x = 0, y = 0) => [Math.floor(x) * y, [0, Math.floor(x)]],
  ),
  refused(
    'a missing partial derivative',
    'missingPartial',
    '@derivative pair',
    'argument 2 of 2',
    (x = 0, y = 0) => [x * y, [y, x]],
  ),
  refused(
    'a missing partial derivative of a parameter with a default value',
    'missingDefault',
    '@derivative scaled',
    'argument 2 of 2',
    (x = 0, y = 0) => [2 * x + x * y, [2 + y, x]],
  ),
  refused(
    'swapped partial derivatives',
    'swappedPartials',
    '@derivative swapped',
    'finite differences',
    (x = 0, y = 0) => [x * x * y, [2 * x * y, x * x]],
  ),
  refused(
    'of a function that returns a list',
    'notANumber',
    '@derivative list',
    'does not return a number',
    (x = 0, y = 0) => [x + y, [1, 1]],
  ),
  refused(
    'of a function that reads other parameters',
    'otherParameters',
    '@derivative shifted',
    'not among its arguments',
    (x = 0, y = 0) => [x * y, [y, x]],
  ),
  refused(
    'of a function that changes its argument',
    'changedArgument',
    '@derivative last',
    'changes its arguments',
    (_, y = 0) => [y, [0, 1]],
  ),
  refused('of which there are two', 'twoRules', '@derivative  twice', 'two functions', (x = 0, y = 0) => [
    2 * x + y,
    [2, 1],
  ]),
];
