import { type OperationName, rules } from '../rules';
import {
  cosOfPi,
  digamma,
  digammaDifference,
  logGamma,
  sinOfPi,
  tetragamma,
  trigamma,
} from './gammaFunctions';

/**
 * The partial derivative by one argument.
 *
 * @param args   the arguments of the call: numbers, then possibly flags
 * @param value  the result of the function
 */
export type Partial = (args: readonly number[], value: number) => number;

/** null: there is no closed form, so the function is entered, or finite differences are used. */
export type Partials = readonly (Partial | null)[];

/** Functions that `rules` contains, under their names there. */
type Elementary = Extract<
  OperationName,
  | (
      | 'abs'
      | 'acos'
      | 'acosh'
      | 'asin'
      | 'asinh'
      | 'atan'
      | 'atan2'
      | 'atanh'
      | 'cbrt'
      | 'cos'
      | 'cosh'
      | 'exp'
    )
  | (
      | 'expm1'
      | 'hypot'
      | 'log'
      | 'log10'
      | 'log1p'
      | 'log2'
      | 'pow'
      | 'sin'
      | 'sinh'
      | 'sqrt'
      | 'tan'
      | 'tanh'
    )
>;

export type SpecialFunction =
  | Elementary
  | ('exp2' | 'exp10' | 'sinpi' | 'cospi')
  | ('erf' | 'erfc' | 'erfinv' | 'erfcinv')
  | ('gamma' | 'gammaln' | 'digamma' | 'trigamma' | 'factorial' | 'factorialln' | 'beta' | 'betaln')
  | ('gammainc' | 'betainc');

const twoBySqrtPi = 2 / Math.sqrt(Math.PI);

/**
 * The derivatives of common functions with a name in mathematics. `x`, `a`, `b`: the arguments; r: the result. DLMF 5.2.2
 * (gamma), 5.12 (beta), 7.2.1 (erf), 8.2.4 (gammainc), 8.17.2 (betainc).
 */
export const specialFunctions: { readonly [Name in SpecialFunction]: Partials } = {
  abs: partialsOf('abs'),
  acos: partialsOf('acos'),
  acosh: partialsOf('acosh'),
  asin: partialsOf('asin'),
  asinh: partialsOf('asinh'),
  atan: partialsOf('atan'),
  atan2: partialsOf('atan2'),
  atanh: partialsOf('atanh'),
  cbrt: partialsOf('cbrt'),
  cos: partialsOf('cos'),
  cosh: partialsOf('cosh'),
  exp: partialsOf('exp'),
  expm1: partialsOf('expm1'),
  hypot: partialsOf('hypot'),
  log: partialsOf('log'),
  log10: partialsOf('log10'),
  log1p: partialsOf('log1p'),
  log2: partialsOf('log2'),
  pow: partialsOf('pow'),
  sin: partialsOf('sin'),
  sinh: partialsOf('sinh'),
  sqrt: partialsOf('sqrt'),
  tan: partialsOf('tan'),
  tanh: partialsOf('tanh'),

  exp2: [(_, r) => r * Math.LN2],
  exp10: [(_, r) => r * Math.LN10],
  sinpi: [([x = 0]) => Math.PI * cosOfPi(x)],
  cospi: [([x = 0]) => -Math.PI * sinOfPi(x)],

  erf: [([x = 0]) => twoBySqrtPi * Math.exp(-x * x)],
  erfc: [([x = 0]) => -twoBySqrtPi * Math.exp(-x * x)],
  erfinv: [(_, r) => Math.exp(r * r) / twoBySqrtPi],
  erfcinv: [(_, r) => -Math.exp(r * r) / twoBySqrtPi],

  gamma: [([x = 0], r) => r * digamma(x)],
  gammaln: [([x = 0]) => digamma(x)],
  digamma: [([x = 0]) => trigamma(x)],
  trigamma: [([x = 0]) => tetragamma(x)],
  factorial: [([x = 0], r) => r * digamma(x + 1)],
  factorialln: [([x = 0]) => digamma(x + 1)],
  beta: [
    ([a = 0, b = 0], r) => r * digammaDifference(a, b),
    ([a = 0, b = 0], r) => r * digammaDifference(b, a),
  ],
  betaln: [([a = 0, b = 0]) => digammaDifference(a, b), ([a = 0, b = 0]) => digammaDifference(b, a)],

  // gammainc(x, a, regularized = true, upper = false)
  gammainc: [
    ([x = 0, a = 0, ...flags]) =>
      signOf(flags) * Math.exp((a - 1) * Math.log(x) - x - (isRegularized(flags) ? logGamma(a) : 0)),
    null,
  ],
  // betainc(x, a, b, regularized = true, upper = false)
  betainc: [
    ([x = 0, a = 0, b = 0, ...flags]) =>
      signOf(flags) *
      Math.exp(
        (a - 1) * Math.log(x) +
          (b - 1) * Math.log1p(-x) -
          (isRegularized(flags) ? logGamma(a) + logGamma(b) - logGamma(a + b) : 0),
      ),
    null,
    null,
  ],
};

function isRegularized([regularized]: readonly unknown[]): boolean {
  return regularized !== false;
}

function signOf([, upper]: readonly unknown[]): number {
  return upper === true ? -1 : 1;
}

/** The derivatives of an operation in the table of the tape. At a tie, its rule records it. */
export function partialsOf(name: OperationName): Partials {
  return rules[name].partials.map((text) => {
    const partial = new Function('a', 'b', 'r', `const tie = NaN; return ${text};`) as (
      ...operands: unknown[]
    ) => number;
    return ([a, b], r) => partial(a, b, r);
  });
}
