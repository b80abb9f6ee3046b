import { checking } from '../checking';
import { placing } from '../placing';
import { type OperationName, rules, type TieName } from '../rules';
import { noSite } from '../sites';
import { tape } from '../tape';
import { tied } from '../ties';
import { record1, record2, Traced } from '../traced';

/** Called when an operand is neither a number nor a traced value of this evaluation. */
export type SlowUnary = (a: unknown, site: number) => unknown;
export type SlowBinary = (a: unknown, b: unknown, site: number) => unknown;

/**
 * Compiles an operation to a function. For plain numbers it returns the native result, for an operand on the
 * tape a new node. It is compiled from the texts of the derivative table, so that each operation is one small
 * function: the engine can inline it, and its call sites and branches see one kind of value. Testing the property of a handle is
 * faster than instanceof, and no other object has it.
 *
 * A partial derivative of 0 creates no edge, so that 0·∞ is not computed in the backward pass. A result
 * without edges stays a plain number.
 */
export function unaryOperation(name: OperationName, slow: SlowUnary): SlowUnary {
  const { value, partials, tie } = rules[name];
  const [byA] = partials;
  const atTie = tie ? `if (${tie}) return tied(x, r);` : '';
  const atCheckedTie = tie
    ? `if (${tie}) { checking.unary(a, r, tape.length, site, '${name}'); return tied(x, r); }`
    : '';
  return compile(
    `
    return function ${name}(a, site) {
      if (typeof a === 'number' && !checking.on) return ${value};
      return traced(a, site);
    };
    function traced(x, site) {
      if (x != null && x.tapeEpoch === tape.live) {
        const a = tape.values[x.tapeIndex], r = ${value};
        ${atTie}
        const byA = ${byA};
        return ${isZero('byA', byA)} ? r : record1(r, x.tapeIndex, byA);
      }
      return checked(x, site);
    }
    function checked(x, site) {
      if (x instanceof Traced && x.tapeEpoch === tape.epoch) {
        const a = tape.values[x.tapeIndex], r = ${value};
        ${atCheckedTie}
        const byA = ${byA};
        if (checking.on) checking.unary(a, r, ${isZero('byA', byA)} ? -1 : tape.length, site, '${name}');
        return ${isZero('byA', byA)} ? r : record1(r, x.tapeIndex, byA);
      }
      if (typeof x === 'number') {
        const a = x, r = ${value};
        return checking.plain([a], r, site, '${name}');
      }
      return slow(x, site);
    }`,
    placedUnary(slow),
    tie ? (x: Traced, r: number) => tied(name as TieName, [x], r) : null,
  ) as SlowUnary;
}

export function binaryOperation(name: OperationName, slow: SlowBinary): SlowBinary {
  const { value, partials, tie } = rules[name];
  const [byA, byB] = partials as readonly [string, string];
  const atTie = tie ? `if (${tie}) return tied(x, y, r);` : '';
  const atCheckedTie = tie
    ? `if (${tie}) { checking.binary(a, b, r, tape.length, site, '${name}'); return tied(x, y, r); }`
    : '';
  const zeroA = isZero('byA', byA);
  const zeroB = isZero('byB', byB);
  return compile(
    `
    return function ${name}(a, b, site) {
      if (typeof a === 'number' && typeof b === 'number' && !checking.on) return ${value};
      return traced(a, b, site);
    };
    function traced(x, y, site) {
      const live = tape.live;
      if (typeof y === 'number') {
        if (x != null && x.tapeEpoch === live) {
          const a = tape.values[x.tapeIndex], b = y, r = ${value};
          ${atTie}
          const byA = ${byA};
          return ${zeroA} ? r : record1(r, x.tapeIndex, byA);
        }
      } else if (y != null && y.tapeEpoch === live) {
        if (typeof x === 'number') {
          const a = x, b = tape.values[y.tapeIndex], r = ${value};
          ${atTie}
          const byB = ${byB};
          return ${zeroB} ? r : record1(r, y.tapeIndex, byB);
        }
        if (x != null && x.tapeEpoch === live) {
          const a = tape.values[x.tapeIndex], b = tape.values[y.tapeIndex], r = ${value};
          ${atTie}
          const byA = ${byA}, byB = ${byB};
          if (${zeroA}) return ${zeroB} ? r : record1(r, y.tapeIndex, byB);
          return ${zeroB} ? record1(r, x.tapeIndex, byA) : record2(r, x.tapeIndex, byA, y.tapeIndex, byB);
        }
      }
      return checked(x, y, site);
    }
    function checked(x, y, site) {
      if (typeof y === 'number') {
        if (x instanceof Traced && x.tapeEpoch === tape.epoch) {
          const a = tape.values[x.tapeIndex], b = y, r = ${value};
          ${atCheckedTie}
          const byA = ${byA};
          if (checking.on) checking.binary(a, b, r, ${zeroA} ? -1 : tape.length, site, '${name}');
          return ${zeroA} ? r : record1(r, x.tapeIndex, byA);
        }
        if (typeof x === 'number') {
          const a = x, b = y, r = ${value};
          return checking.plain([a, b], r, site, '${name}');
        }
      } else if (y instanceof Traced && y.tapeEpoch === tape.epoch) {
        if (typeof x === 'number') {
          const a = x, b = tape.values[y.tapeIndex], r = ${value};
          ${atCheckedTie}
          const byB = ${byB};
          if (checking.on) checking.binary(a, b, r, ${zeroB} ? -1 : tape.length, site, '${name}');
          return ${zeroB} ? r : record1(r, y.tapeIndex, byB);
        }
        if (x instanceof Traced && x.tapeEpoch === tape.epoch) {
          const a = tape.values[x.tapeIndex], b = tape.values[y.tapeIndex], r = ${value};
          ${atCheckedTie}
          const byA = ${byA}, byB = ${byB};
          if (checking.on) checking.binary(a, b, r, ${zeroA} && ${zeroB} ? -1 : tape.length, site, '${name}');
          if (${zeroA}) return ${zeroB} ? r : record1(r, y.tapeIndex, byB);
          return ${zeroB} ? record1(r, x.tapeIndex, byA) : record2(r, x.tapeIndex, byA, y.tapeIndex, byB);
        }
      }
      return slow(x, y, site);
    }`,
    placedBinary(slow),
    tie ? (x: number | Traced, y: number | Traced, r: number) => tied(name as TieName, [x, y], r) : null,
  ) as SlowBinary;
}

/** Assigns the place of the operation to its refusals and non-finite results. */
function placedUnary(slow: SlowUnary): SlowUnary {
  return (a, site) => placed(site, [a], () => slow(a, site));
}

function placedBinary(slow: SlowBinary): SlowBinary {
  return (a, b, site) => placed(site, [a, b], () => slow(a, b, site));
}

function placed(site: number, operands: readonly unknown[], run: () => unknown): unknown {
  const before = placing.site;
  placing.site = site;
  try {
    const result = run();
    if (checking.on) {
      const node = result instanceof Traced ? result.tapeIndex : -1;
      checking.result(operands.map(operandValue), operandValue(result), node, site);
    }
    return result;
  } finally {
    placing.site = before;
  }
}

function operandValue(operand: unknown): unknown {
  return operand instanceof Traced ? tape.values[operand.tapeIndex] : operand;
}

/**
 * The operation without a place, as a function that can be detached from its object and called with more
 * operands.
 */
export function detached(name: OperationName, sited: SlowUnary | SlowBinary): unknown {
  const operands = rules[name].partials.length === 1 ? 'a' : 'a, b';
  return new Function(
    'sited',
    'noSite',
    `return function ${name}(${operands}) { return sited(${operands}, noSite); }`,
  )(sited, noSite);
}

/** The test whether a partial derivative is 0; a constant if its text is a number. */
function isZero(name: string, partial: string): string {
  return Number.isNaN(Number(partial)) ? `(${name} === 0)` : String(Number(partial) === 0);
}

/** The derivative at a tie is never used: `tied` records the operation. */
function compile(body: string, slow: unknown, tiedWith: unknown): unknown {
  return new Function('tape', 'checking', 'Traced', 'record1', 'record2', 'slow', 'tied', 'tie', body)(
    tape,
    checking,
    Traced,
    record1,
    record2,
    slow,
    tiedWith,
    Number.NaN,
  );
}
