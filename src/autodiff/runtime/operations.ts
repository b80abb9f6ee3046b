import { checking } from '../checking';
import { type OperationName, type Rule, rules } from '../rules';
import { noSite } from '../sites';
import { tape } from '../tape';
import { record, Traced } from '../traced';

/** Called when an operand is neither a number nor a traced value of this evaluation. */
export type SlowUnary = (a: unknown, site: number) => unknown;
export type SlowBinary = (a: unknown, b: unknown, site: number) => unknown;

/**
 * The operation as a function: plain numbers give the native result; an operand on the tape gives a new node. Compiled from
 * the table's texts, so that each operation is one small function of its own that the engine can inline, with call sites and
 * branches that see one kind of value.
 */
export function unaryOperation(name: OperationName, slow: SlowUnary): SlowUnary {
  const { value, partials } = rules[name];
  const [byA] = partials;
  return compile(
    `
    return function ${name}(a, site) {
      if (typeof a === 'number') {
        const r = ${value};
        if (checking.on) checking.unary(a, r, -1, site);
        return r;
      }
      return traced(a, site);
    };
    function traced(x, site) {
      if (x instanceof Traced && x.tapeEpoch === tape.epoch) {
        const a = tape.values[x.tapeIndex], r = ${value}, byA = ${byA};
        ${selects(byA) ? `if (byA === 0) { if (checking.on) checking.unary(a, r, -1, site); return r; }` : ''}
        if (checking.on) checking.unary(a, r, tape.length, site);
        return record(r, x.tapeIndex, -1, byA, 0, site);
      }
      return slow(x, site);
    }`,
    slow,
  ) as SlowUnary;
}

export function binaryOperation(name: OperationName, slow: SlowBinary): SlowBinary {
  const { value, partials }: Rule = rules[name];
  const [byA, byB] = partials as readonly [string, string];
  const plain = 'if (checking.on) checking.binary(a, b, r, -1, site); return r;';
  return compile(
    `
    return function ${name}(a, b, site) {
      if (typeof a === 'number' && typeof b === 'number') {
        const r = ${value};
        if (checking.on) checking.binary(a, b, r, -1, site);
        return r;
      }
      return traced(a, b, site);
    };
    function traced(x, y, site) {
      if (typeof y === 'number') {
        if (x instanceof Traced && x.tapeEpoch === tape.epoch) {
          const a = tape.values[x.tapeIndex], b = y, r = ${value}, byA = ${byA};
          ${selects(byA) ? `if (byA === 0) { ${plain} }` : ''}
          if (checking.on) checking.binary(a, b, r, tape.length, site);
          return record(r, x.tapeIndex, -1, byA, 0, site);
        }
      } else if (y instanceof Traced && y.tapeEpoch === tape.epoch) {
        if (typeof x === 'number') {
          const a = x, b = tape.values[y.tapeIndex], r = ${value}, byB = ${byB};
          ${selects(byB) ? `if (byB === 0) { ${plain} }` : ''}
          if (checking.on) checking.binary(a, b, r, tape.length, site);
          return record(r, y.tapeIndex, -1, byB, 0, site);
        }
        if (x instanceof Traced && x.tapeEpoch === tape.epoch) {
          const a = tape.values[x.tapeIndex], b = tape.values[y.tapeIndex], r = ${value}, byA = ${byA}, byB = ${byB};
          ${selects(byA) && selects(byB) ? `if (byA === 0 && byB === 0) { ${plain} }` : ''}
          if (checking.on) checking.binary(a, b, r, tape.length, site);
          return record(r, x.tapeIndex, y.tapeIndex, byA, byB, site);
        }
      }
      return slow(x, y, site);
    }`,
    slow,
  ) as SlowBinary;
}

/** The operation without a place, as a function of its own that may be taken out of its object and given more operands. */
export function detached(name: OperationName, sited: SlowUnary | SlowBinary): unknown {
  const operands = rules[name].partials.length === 1 ? 'a' : 'a, b';
  return new Function(
    'sited',
    'noSite',
    `return function ${name}(${operands}) { return sited(${operands}, noSite); }`,
  )(sited, noSite);
}

/** A partial that may be 0 by choice: then the result does not depend on the operand and stays a plain number. */
function selects(partial: string): boolean {
  return partial === '0' || partial.includes('?');
}

function compile(body: string, slow: unknown): unknown {
  return new Function('tape', 'checking', 'Traced', 'record', 'slow', body)(
    tape,
    checking,
    Traced,
    record,
    slow,
  );
}
