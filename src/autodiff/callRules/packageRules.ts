import { isTieName } from '../rules';
import { tieOf } from '../ties';
import { closed, edge, numberOf, record1, Traced } from '../traced';
import type { CallRule } from './callRule';
import { pointwiseRule, reducingRule } from './listRules';
import { determinantRule, inverseRule, productRule, solveRule } from './matrixRules';
import { scalarRule } from './scalarRule';
import { partialsOf, type SpecialFunction, specialFunctions } from './specialFunctions';

/** The rule of an export of a package, which is named like its documentation: `numeric.solve`. */
type RuleFor = (functionName: string) => CallRule;

/**
 * Packages with functions that cannot be rewritten, and so have built-in rules. `@stdlib` computes with the bytes of numbers; `numeric`
 * makes its functions from text.
 */
export type RuledPackage = 'numeric' | 'stdlib';

type PointwiseOfOne =
  | ('abs' | 'acos' | 'asin' | 'atan' | 'ceil' | 'clone' | 'cos' | 'exp' | 'floor' | 'log' | 'neg' | 'round')
  | ('sin' | 'sqrt' | 'tan');
type PointwiseOfTwo = 'add' | 'atan2' | 'div' | 'max' | 'min' | 'mod' | 'mul' | 'pow' | 'sub';
type Reducing = 'inf' | 'norm1' | 'norm2' | 'norm2Squared' | 'norminf' | 'prod' | 'sum' | 'sup';

const ofOne =
  (name: Exclude<PointwiseOfOne, 'clone'>): RuleFor =>
  (functionName) =>
    pointwiseRule(functionName, partialsOf(name), isTieName(name) ? name : null);
const ofTwo =
  (name: PointwiseOfTwo): RuleFor =>
  (functionName) =>
    pointwiseRule(functionName, partialsOf(name), isTieName(name) ? name : null);

const pointwiseOfOne: { readonly [N in PointwiseOfOne]: RuleFor } = {
  abs: ofOne('abs'),
  acos: ofOne('acos'),
  asin: ofOne('asin'),
  atan: ofOne('atan'),
  ceil: ofOne('ceil'),
  clone: (functionName) => pointwiseRule(functionName, [() => 1]),
  cos: ofOne('cos'),
  exp: ofOne('exp'),
  floor: ofOne('floor'),
  log: ofOne('log'),
  neg: ofOne('neg'),
  round: ofOne('round'),
  sin: ofOne('sin'),
  sqrt: ofOne('sqrt'),
  tan: ofOne('tan'),
};

const pointwiseOfTwo: { readonly [N in PointwiseOfTwo]: RuleFor } = {
  add: ofTwo('add'),
  atan2: ofTwo('atan2'),
  div: ofTwo('div'),
  max: ofTwo('max'),
  min: ofTwo('min'),
  mod: ofTwo('mod'),
  mul: ofTwo('mul'),
  pow: ofTwo('pow'),
  sub: ofTwo('sub'),
};

const selected = (xs: readonly number[], i: number, value: number) => Number(xs[i] === value);

/** The absolute value of a number, as a node of its own. */
function sizeOf(x: number | Traced): number | Traced {
  if (!(x instanceof Traced)) return Math.abs(x);
  const value = numberOf(x);
  return tieOf('abs', [x], Math.abs(value)) ?? record1(Math.abs(value), x.tapeIndex, Math.sign(value));
}

const isZero = (x: number | Traced) => x instanceof Traced && numberOf(x) === 0;

/** The sum of the absolute values, if one of them is 0. */
function tiedSum(xs: readonly (number | Traced)[], value: number): Traced | null {
  if (!xs.some(isZero)) return null;
  const sizes = xs.map(sizeOf);
  for (const each of sizes) if (each instanceof Traced) edge(each.tapeIndex, 1);
  return closed(value);
}

/** The largest absolute value, if there are several, or it is 0. */
function tiedSize(xs: readonly (number | Traced)[], value: number): Traced | null {
  const largest = xs.filter((x) => Math.abs(x instanceof Traced ? numberOf(x) : x) === value);
  if (!largest.some((x) => x instanceof Traced) || (largest.length === 1 && value !== 0)) return null;
  const sizes = largest.map(sizeOf);
  return tieOf('max', sizes, value) ?? (sizes[0] as Traced);
}

const reducing: { readonly [N in Reducing]: RuleFor } = {
  inf: (name) => reducingRule(name, selected, { tie: (xs, value) => tieOf('min', xs, value) }),
  norm1: (name) => reducingRule(name, (xs, i) => Math.sign(xs[i]!), { tie: tiedSum }),
  norm2: (name) =>
    reducingRule(name, (xs, i, value) => xs[i]! / value, { tie: (xs, value) => tieOf('hypot', xs, value) }),
  norm2Squared: (name) => reducingRule(name, (xs, i) => 2 * xs[i]!),
  norminf: (name) =>
    reducingRule(name, (xs, i, value) => Math.sign(xs[i]!) * selected(xs.map(Math.abs), i, value), {
      tie: tiedSize,
    }),
  prod: (name) =>
    reducingRule(name, (xs, i) => xs.reduce((made, each, k) => (k === i ? made : made * each), 1)),
  sum: (name) => reducingRule(name, () => 1, { allowsNested: true }),
  sup: (name) => reducingRule(name, selected, { tie: (xs, value) => tieOf('max', xs, value) }),
};

const numeric: Readonly<Record<string, RuleFor>> = {
  ...withSuffixes(pointwiseOfOne, ['', 'V']),
  ...withSuffixes(pointwiseOfTwo, ['', 'VV', 'VS', 'SV']),
  ...withSuffixes(reducing, ['', 'V']),
  ...withSuffixes({ dot: productRule }, ['', 'VV', 'MV', 'VM', 'MMsmall', 'MMbig']),
  det: determinantRule,
  inv: inverseRule,
  solve: solveRule,
};

function withSuffixes(rules: Readonly<Record<string, RuleFor>>, suffixes: readonly string[]) {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, rule]) => suffixes.map((suffix) => [name + suffix, rule])),
  );
}

/** `@stdlib` has other names for these functions. */
const stdlibNames: { readonly [N in SpecialFunction]?: string } = { log: 'ln' };

const stdlib: Readonly<Record<string, RuleFor>> = Object.fromEntries(
  Object.entries(specialFunctions).map(([name, partials]) => [
    stdlibNames[name as SpecialFunction] ?? name,
    (functionName) => scalarRule(functionName, partials, isTieName(name) ? name : null),
  ]),
);

const rulesByPackage: { readonly [P in RuledPackage]: Readonly<Record<string, RuleFor>> } = {
  numeric,
  stdlib,
};

/** The rules of the functions that a module of a package exports, or of the function that it is. */
export type PackageRules = (module: object) => (readonly [fn: object, rule: CallRule])[];

/**
 * The rules of a package; null if it has none. Many packages of `@stdlib` are one function, and have names such as
 * `@stdlib/math-base-special-erf` or `@stdlib/math/base/special/erf`.
 */
export function packageRules(packageName: string): PackageRules | null {
  if (packageName === 'numeric') return (module) => exported(module, rulesByPackage.numeric, 'numeric.');
  const [, functionName] = /^@stdlib\/math[-/]base[-/]special(?:[-/](.+))?$/.exec(packageName) ?? [
    packageName,
    null,
  ];
  if (functionName === null) return null;
  if (functionName === undefined) return (module) => exported(module, rulesByPackage.stdlib, '');
  const rule = Object.hasOwn(rulesByPackage.stdlib, functionName)
    ? rulesByPackage.stdlib[functionName]!
    : null;
  return rule && ((module) => (typeof module === 'function' ? [[module, rule(packageName)]] : []));
}

function exported(
  module: object,
  rules: Readonly<Record<string, RuleFor>>,
  prefix: string,
): (readonly [object, CallRule])[] {
  return Object.entries(rules).flatMap(([name, rule]) => {
    const fn: unknown = (module as Record<string, unknown>)[name];
    return typeof fn === 'function' ? [[fn, rule(prefix + name)] as const] : [];
  });
}
