import { cuts } from '../cuts';
import type { ArithmeticOperation } from '../rules';
import { numberOf, Traced } from '../traced';
import type { Arithmetic, IntegerOperator } from './api';
import { current, toNumeric } from './coerce';
import { binaryOperation, unaryOperation } from './operations';
import { text, toPrimitive } from './text';

type Numeric = number | bigint;
type BinaryName = Exclude<ArithmeticOperation, 'neg'> | 'pow';

/** Native operators, for BigInts, and for a BigInt with a number, for which they throw. */
const native: { readonly [Name in BinaryName]: (a: Numeric, b: Numeric) => unknown } = {
  add: (a, b) => (a as number) + (b as number),
  sub: (a, b) => (a as number) - (b as number),
  mul: (a, b) => (a as number) * (b as number),
  div: (a, b) => (a as number) / (b as number),
  mod: (a, b) => (a as number) % (b as number),
  pow: (a, b) => (a as number) ** (b as number),
};

function binary(name: BinaryName) {
  const operation = binaryOperation(name, (a, b, site) => {
    const x = toNumeric(a);
    const y = toNumeric(b);
    if (typeof x === 'bigint' || typeof y === 'bigint') return native[name](plainNumeric(x), plainNumeric(y));
    return operation(x, y, site);
  });
  return operation;
}

/** With a BigInt, a traced value is treated as a number, so the operator throws. */
function plainNumeric(value: Numeric | Traced): Numeric {
  return value instanceof Traced ? 0 : value;
}

const sum = binary('add');
const sub = binary('sub');

/** `+` adds numbers or joins texts, which is known only after both operands are converted to primitives. */
const add = binaryOperation('add', (a, b, site) => {
  const x = toPrimitive(a, 'default');
  const y = toPrimitive(b, 'default');
  if (typeof x === 'string' || typeof y === 'string') return asText(x) + asText(y);
  return sum(x, y, site);
});

function asText(primitive: unknown): string {
  if (typeof primitive !== 'symbol') return text(primitive);
  throw new TypeError('Cannot convert a Symbol value to a string');
}

const negated = unaryOperation('neg', (a, site) => {
  const x = toNumeric(a);
  return typeof x === 'bigint' ? -x : negated(x, site);
});

function plus(a: unknown): unknown {
  if (typeof a === 'number') return a;
  if (a instanceof Traced) return current(a);
  const x = toPrimitive(a, 'number');
  if (typeof x === 'bigint') throw new TypeError('Cannot convert a BigInt value to a number');
  return toNumeric(x);
}

function inc(a: unknown, site: number): unknown {
  if (typeof a === 'number') return a + 1;
  const x = toNumeric(a);
  return typeof x === 'bigint' ? x + 1n : sum(x, 1, site);
}

function dec(a: unknown, site: number): unknown {
  if (typeof a === 'number') return a - 1;
  const x = toNumeric(a);
  return typeof x === 'bigint' ? x - 1n : sub(x, 1, site);
}

function numeric(a: unknown): unknown {
  return typeof a === 'number' ? a : toNumeric(a);
}

function int(op: IntegerOperator, a: unknown, b: unknown, site: number): unknown {
  if (typeof a === 'number' && typeof b === 'number') return integer(op, a, b);
  const x = toNumeric(a);
  const y = op === '~' ? x : toNumeric(b);
  const result = integer(op, integerOperand(x), integerOperand(y));
  if (cuts.on) {
    if (x instanceof Traced) cuts.add(x.tapeIndex, result, site);
    if (y instanceof Traced && op !== '~') cuts.add(y.tapeIndex, result, site);
  }
  return result;
}

function integerOperand(value: Numeric | Traced): number {
  // The types say number; a BigInt goes through the same operators.
  return value instanceof Traced ? numberOf(value) : (value as number);
}

function integer(op: IntegerOperator, a: number, b: number): number {
  switch (op) {
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '>>>':
      return a >>> b;
    case '~':
      return ~a;
  }
}

export const arithmetic: Arithmetic = {
  add,
  sub,
  mul: binary('mul'),
  div: binary('div'),
  mod: binary('mod'),
  pow: binary('pow'),
  neg: negated,
  plus,
  inc,
  dec,
  numeric,
  before: (box) => box.old,
  int,
};
