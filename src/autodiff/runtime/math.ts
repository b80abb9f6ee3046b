import { checking } from '../checking';
import { cuts } from '../cuts';
import { type MathOperation, rules } from '../rules';
import { noSite } from '../sites';
import { tape } from '../tape';
import { tieOf } from '../ties';
import { closed, edge, numberOf, Traced } from '../traced';
import type { SitedFunction, SitedMath } from './api';
import { toNumber } from './coerce';
import { binaryOperation, detached, type SlowBinary, type SlowUnary, unaryOperation } from './operations';

const names = Object.keys(rules).filter((name) => Object.hasOwn(Math, name)) as MathOperation[];

/** Math functions of one or two operands that take their place as an additional argument. */
export const sitedMath = Object.fromEntries(names.map((name) => [name, sited(name)])) as unknown as SitedMath;

function sited(name: MathOperation): SitedFunction {
  const isCut = rules[name].partials.every((partial) => partial === '0');
  if (rules[name].partials.length === 1) {
    const operation: SlowUnary = unaryOperation(name, (a, site) => operation(toNumber(a), site));
    return isCut ? cuttingUnary(operation) : operation;
  }
  const operation: SlowBinary = binaryOperation(name, (a, b, site) => {
    const x = toNumber(a);
    return operation(x, toNumber(b), site);
  });
  return isCut ? cuttingBinary(operation) : operation;
}

/** An operation whose result has no derivative, whatever its operand. */
function cuttingUnary(operation: SlowUnary): SlowUnary {
  return (a, site) => {
    const result = operation(a, site);
    if (cuts.on && a instanceof Traced) cuts.add(a.tapeIndex, result as number, site);
    return result;
  };
}

function cuttingBinary(operation: SlowBinary): SlowBinary {
  return (a, b, site) => {
    const result = operation(a, b, site);
    if (cuts.on)
      for (const each of [a, b]) if (each instanceof Traced) cuts.add(each.tapeIndex, result as number, site);
    return result;
  };
}

/** The partial derivative by an operand, away from ties. */
type Partial = (operand: number, result: number) => number;

const selectedPartial: Partial = (operand, result) =>
  Number.isNaN(result) ? Number.NaN : operand === result ? 1 : 0;
const hypotPartial: Partial = (operand, result) => operand / result;

function variadic(name: 'max' | 'min' | 'hypot', partial: Partial) {
  const native = Math[name];
  const ofTwo = sitedMath[name];
  const operation = (...operands: unknown[]): unknown => {
    if (operands.length === 2) return ofTwo(operands[0], operands[1], noSite);
    // As in the native functions, all operands are first converted to numbers, in their order.
    const numbers = operands.map(toNumber);
    const values = numbers.map((operand) => (operand instanceof Traced ? numberOf(operand) : operand));
    const result = native(...values);
    const tie = tieOf(name, numbers, result);
    if (!tie) return combined(numbers, values, result, (value) => partial(value, result));
    if (checking.on) checking.operation(values, result, tie.tapeIndex, noSite);
    return tie;
  };
  return Object.defineProperties(operation, { name: { value: name }, length: { value: native.length } });
}

/** A result of many operands: one node with an edge for each traced one that it depends on. */
function combined(
  operands: readonly (number | Traced)[],
  values: readonly number[],
  result: number,
  partial: (value: number) => number,
): number | Traced {
  const before = tape.edges;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!;
    if (operand instanceof Traced) edge(operand.tapeIndex, partial(values[i]!));
  }
  const isPlain = tape.edges === before;
  if (checking.on) checking.operation(values, result, isPlain ? -1 : tape.length, noSite);
  return isPlain ? result : closed(result);
}

const ofMany = {
  max: variadic('max', selectedPartial),
  min: variadic('min', selectedPartial),
  hypot: variadic('hypot', hypotPartial),
};

/** The replacement of `Math`. It is complete, and its functions can be used detached. */
export const math = Object.create(Object.prototype, Object.getOwnPropertyDescriptors(Math)) as Math;
for (const name of names)
  Object.defineProperty(math, name, { value: detached(name, sitedMath[name] as SlowUnary) });
for (const [name, operation] of Object.entries(ofMany))
  Object.defineProperty(math, name, { value: operation });
