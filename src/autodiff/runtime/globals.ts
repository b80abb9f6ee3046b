import { checking } from '../checking';
import { cuts } from '../cuts';
import { refuse } from '../refusal';
import { noSite } from '../sites';
import { refuseText, texts } from '../texts';
import { numberOf, Traced } from '../traced';
import type { Globals } from './api';
import { arithmetic } from './arithmetic';
import { cloned } from './clone';
import { plain, toNumber, toNumeric } from './coerce';
import { comparison } from './compare';
import { valueMap, valueSet } from './keyed';
import { math } from './math';
import { functionMaker, indirectEval } from './opaque';
import { standingInFor } from './standIn';
import { text } from './text';
import { float32, float64, WorkBuffer } from './workBuffer';

function isNaNValue(value: unknown): boolean {
  return Number.isNaN(plain(toNumber(value)));
}

function isFiniteValue(value: unknown): boolean {
  return Number.isFinite(plain(toNumber(value)));
}

/**
 * A traced value is already a number; converting it to text and back would not change it (except −0 to 0).
 */
function parseFloatValue(value: unknown): unknown {
  if (value instanceof Traced) return arithmetic.add(value, 0, noSite);
  const number = Number.parseFloat(value as string);
  if (texts.made && typeof value !== 'number' && !Number.isNaN(number)) refuseText(text(value));
  if (checking.on) checking.result([value], number, -1, noSite);
  return number;
}

/** The result is an integer, which has no derivative. */
function parseIntValue(value: unknown, radix?: unknown): number {
  const number = Number.parseInt(plain(value) as string, plain(radix) as number);
  if (cuts.on && value instanceof Traced) cuts.add(value.tapeIndex, number, noSite);
  if (texts.made && typeof value === 'string' && !Number.isNaN(number)) refuseText(value);
  return number;
}

function refuseObject(): never {
  refuse('coercion', 'a value that depends on the parameters is converted to an object (new Number)');
}

type Constructor = new (...operands: never[]) => object;

/** `new Number(x)`, or a subclass's super(x). */
function constructed(native: Constructor, newTarget: object, operands: readonly unknown[]): object {
  if (operands[0] instanceof Traced) refuseObject();
  return Reflect.construct(native, operands, newTarget as Constructor);
}

/** A traced value is returned unchanged, because it is a number. */
const numberGlobal = standingInFor(
  Number,
  function (this: unknown, ...operands: unknown[]): unknown {
    if (new.target) return constructed(Number, new.target, operands);
    if (operands.length === 0) return 0;
    const numeric = toNumeric(operands[0]);
    return typeof numeric === 'bigint' ? Number(numeric) : numeric;
  },
  {
    isNaN: (value: unknown) => Number.isNaN(plain(value)),
    isFinite: (value: unknown) => Number.isFinite(plain(value)),
    isInteger: (value: unknown) => Number.isInteger(plain(value)),
    isSafeInteger: (value: unknown) => Number.isSafeInteger(plain(value)),
    parseFloat: parseFloatValue,
    parseInt: parseIntValue,
  },
);

const booleanGlobal = standingInFor(Boolean, function (this: unknown, ...operands: unknown[]): unknown {
  if (new.target) return constructed(Boolean, new.target, operands);
  return comparison.truthy(operands[0]);
});

const stringGlobal = standingInFor(String, function (this: unknown, ...operands: unknown[]): unknown {
  if (new.target) return constructed(String, new.target, operands);
  if (operands.length === 0) return '';
  return typeof operands[0] === 'symbol' ? String(operands[0]) : text(operands[0]);
});

/**
 * `new Array(n)` and the like create native arrays directly: an array that is constructed with another `new.target` has a
 * layout of its own in the engine, and code that meets both layouts is several times slower.
 */
const arrayGlobal: ArrayConstructor = standingInFor(
  Array,
  function (this: unknown, ...operands: unknown[]): unknown {
    if (operands.length === 1 && operands[0] instanceof Traced) {
      numberOf(operands[0]);
      refuse('coercion', 'the length of an array depends on the parameters (Array(x) with one argument)');
    }
    if (new.target === undefined || (new.target as unknown) === arrayGlobal)
      return operands.length === 1 ? new Array(operands[0]) : Array.of(...operands);
    return Reflect.construct(Array, operands, new.target);
  },
  {
    isArray: (value: unknown) => Array.isArray(value) && !(value instanceof WorkBuffer),
    from: onNativeArray(Array.from),
    of: onNativeArray(Array.of),
  },
);

/** A work buffer is an array for the engine, and none for the program. */
Object.defineProperty(arrayGlobal, Symbol.hasInstance, {
  value(this: object, value: unknown): boolean {
    const isInstance = Function.prototype[Symbol.hasInstance].call(this, value);
    return isInstance && !((this as unknown) === arrayGlobal && value instanceof WorkBuffer);
  },
});

/** A static method of Array that creates a native array; a subclass of the user still creates its own. */
function onNativeArray<T extends (...operands: never[]) => unknown>(method: T): T {
  const { name, length } = method;
  const own = {
    [name](this: unknown, ...operands: never[]): unknown {
      return Reflect.apply(method, this === arrayGlobal ? Array : this, operands);
    },
  }[name]!;
  return Object.defineProperty(own, 'length', { value: length }) as unknown as T;
}

const is = (a: unknown, b: unknown) => Object.is(comparison.plain(a), comparison.plain(b));

export const globals: Globals = {
  Math: math,
  Number: numberGlobal,
  Boolean: booleanGlobal,
  String: stringGlobal,
  Array: arrayGlobal,
  Float64Array: float64,
  Float32Array: float32,
  Map: valueMap,
  Set: valueSet,
  isNaN: isNaNValue,
  isFinite: isFiniteValue,
  parseFloat: parseFloatValue,
  parseInt: parseIntValue,
  eval: indirectEval,
  Function: functionMaker,
  structuredClone: cloned,
  isView: (value) => ArrayBuffer.isView(value) || value instanceof WorkBuffer,
  is,
  Object: Object.create(Object, { is: { value: is } }) as ObjectConstructor,
};
