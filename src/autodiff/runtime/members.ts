import { checking } from '../checking';
import { cuts } from '../cuts';
import { refuse } from '../refusal';
import { noSite } from '../sites';
import { numberOf, Traced } from '../traced';
import type { IntegerOperator, Members, Ref } from './api';
import { arithmetic } from './arithmetic';
import { isObject, toPrimitive } from './text';
import { buffers, WorkBuffer } from './workBuffer';

type Indexed = { [key: PropertyKey]: unknown };

const { add, sub, mul, div, mod, pow, int } = arithmetic;

function ref(object: unknown, key: unknown): Ref {
  const property = typeof key === 'number' || typeof key === 'string' ? key : propertyKey(object, key);
  return { object, key: property, value: (object as Indexed)[property] };
}

/**
 * The key of `object[key]`, converted to a property key once: otherwise read and write would both call its
 * toString.
 */
function propertyKey(object: unknown, key: unknown): PropertyKey {
  // If the object is null or undefined, the native error must occur before the key is converted.
  if (object === null || object === undefined) return (object as unknown as Indexed)[key as string] as never;
  if (key instanceof Traced) return key[Symbol.toPrimitive]('string');
  const primitive = isObject(key) ? toPrimitive(key, 'string') : key;
  if (primitive instanceof Traced) return primitive[Symbol.toPrimitive]('string');
  return typeof primitive === 'symbol' ? primitive : String(primitive);
}

function set(object: unknown, key: unknown, value: unknown, site: number = noSite): unknown {
  if (object instanceof WorkBuffer) object.store(key, value);
  else if (value instanceof Traced && ArrayBuffer.isView(object)) setInView(object, key, value, site);
  else (object as Indexed)[key as string] = value;
  if (checking.on) checking.locate(site);
  return value;
}

type Setter = (object: unknown, key: unknown, value: unknown) => unknown;

/**
 * A function that does the same for one place. It writes to native arrays without a call.
 *
 * @param other  writes to other objects; a `set` that is not `members.set` is that of code that is not strict
 */
function setter(site: number, other: Members['set'] = set): Setter {
  return new Function(
    'checking',
    'buffers',
    'WorkBuffer',
    'set',
    `${other === set ? "'use strict';" : ''}
    return function setElement(object, key, value) {
      if (!checking.on && Array.isArray(object) && !(buffers.made && object instanceof WorkBuffer)) {
        object[key] = value;
        return value;
      }
      return set(object, key, value, ${site});
    };`,
  )(checking, buffers, WorkBuffer, other);
}

/** A value in an integer array has no derivative, so the number is stored. */
function setInView(view: ArrayBufferView, key: unknown, value: Traced, site: number): void {
  if (view instanceof Float64Array || view instanceof Float32Array)
    refuse(
      'buffer',
      'a value that depends on the parameters is stored in a typed array that the loss did not create or that uses a given buffer, so its derivative would be lost',
      site,
    );
  const elements = view as unknown as Indexed;
  elements[key as string] = numberOf(value);
  if (cuts.on) cuts.add(value.tapeIndex, Number(elements[key as string]), site);
}

function store(ref: Ref, value: unknown): unknown {
  return set(ref.object, ref.key, value);
}

function incRef(ref: Ref, prefix: boolean, site: number = noSite): unknown {
  const old = arithmetic.numeric(ref.value);
  const updated = set(ref.object, ref.key, arithmetic.inc(old, site), site);
  return prefix ? updated : old;
}

function decRef(ref: Ref, prefix: boolean, site: number = noSite): unknown {
  const old = arithmetic.numeric(ref.value);
  const updated = set(ref.object, ref.key, arithmetic.dec(old, site), site);
  return prefix ? updated : old;
}

function intRef(op: IntegerOperator, ref: Ref, b: unknown, site: number): unknown {
  return set(ref.object, ref.key, int(op, ref.value, b, site), site);
}

/** The value of object[key]. */
function read(object: unknown, key: unknown): unknown {
  return (object as Indexed)[key as string];
}

// Each update is a separate function, so that the engine can inline its operation.
export const members: Members = {
  ref,
  addTo: ({ object, key, value }, b, site) => set(object, key, add(value, b, site), site),
  subFrom: ({ object, key, value }, b, site) => set(object, key, sub(value, b, site), site),
  mulBy: ({ object, key, value }, b, site) => set(object, key, mul(value, b, site), site),
  divBy: ({ object, key, value }, b, site) => set(object, key, div(value, b, site), site),
  modBy: ({ object, key, value }, b, site) => set(object, key, mod(value, b, site), site),
  powBy: ({ object, key, value }, b, site) => set(object, key, pow(value, b, site), site),
  incRef,
  decRef,
  intRef,
  store,
  addAt: (object, key, b, site) =>
    typeof key === 'number'
      ? set(object, key, add(read(object, key), b, site), site)
      : members.addTo(ref(object, key), b, site),
  subAt: (object, key, b, site) =>
    typeof key === 'number'
      ? set(object, key, sub(read(object, key), b, site), site)
      : members.subFrom(ref(object, key), b, site),
  mulAt: (object, key, b, site) =>
    typeof key === 'number'
      ? set(object, key, mul(read(object, key), b, site), site)
      : members.mulBy(ref(object, key), b, site),
  divAt: (object, key, b, site) =>
    typeof key === 'number'
      ? set(object, key, div(read(object, key), b, site), site)
      : members.divBy(ref(object, key), b, site),
  set,
  setter,
};
