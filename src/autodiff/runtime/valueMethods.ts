import { cuts } from '../cuts';
import { noSite } from '../sites';
import { numberOf, Traced } from '../traced';
import type { Runtime, ValueMethod } from './api';
import { plain, toNumber } from './coerce';
import { comparison } from './compare';
import { argumentsFor } from './foreign';
import { standingInFor } from './standIn';
import { joined, text } from './text';

type Elements = ArrayLike<unknown> & { readonly [name in ValueMethod]: unknown };
type Method = (...args: unknown[]) => unknown;
type Args = readonly unknown[];
/** The method of the engine, applied to an array. */
type Native = (array: Elements, args: Args) => unknown;

/**
 * Array methods that inspect elements or the results of callbacks: truthiness, equality and order are those
 * of the numbers of traced values. Results contain the elements themselves.
 *
 * Only the native methods of arrays and typed arrays are replaced; other objects keep their own methods.
 */
const replaced: { readonly [Name in ValueMethod]: (array: Elements, args: Args, native: Native) => unknown } =
  {
    some: (array, args, native) => native(array, withPredicate(args)),
    every: (array, args, native) => native(array, withPredicate(args)),
    filter: (array, args, native) => native(array, withPredicate(args)),
    find: (array, args, native) => native(array, withPredicate(args)),
    findIndex: (array, args, native) => native(array, withPredicate(args)),
    findLast: (array, args, native) => native(array, withPredicate(args)),
    findLastIndex: (array, args, native) => native(array, withPredicate(args)),
    includes: (array, args, native) =>
      holdsTraced(array) ? indexFrom(array, args, sameValueZero, true) >= 0 : native(array, asPlain(args)),
    indexOf: (array, args, native) =>
      holdsTraced(array) ? indexFrom(array, args, strictlyEqual, false) : native(array, asPlain(args)),
    lastIndexOf: (array, args, native) =>
      native(holdsTraced(array) ? plainCopy(array) : array, asPlain(args)),
    sort: (array, args, native) => native(array, withComparator(array, args)),
    toSorted: (array, args, native) => native(array, withComparator(array, args)),
    join: (array, args) => joined(array, args.length > 0 && args[0] !== undefined ? text(args[0]) : ','),
    fill: (array, args, native) => native(array, args),
  };

/**
 * Converts the callback's result to a plain number. A value that is not a function is passed to the native
 * method, which throws.
 */
function withPredicate(args: readonly unknown[]): readonly unknown[] {
  const [callback, ...rest] = args;
  if (typeof callback !== 'function') return args;
  const predicate = function (this: unknown, element: unknown, index: number, array: unknown): boolean {
    return comparison.truthy(callback.call(this, element, index, array));
  };
  return [predicate, ...rest];
}

function withComparator(array: Elements, args: readonly unknown[]): readonly unknown[] {
  const compare = args[0];
  if (typeof compare === 'function') return [(a: unknown, b: unknown) => order(toNumber(compare(a, b)))];
  return compare === undefined && holdsTraced(array) ? [byText] : args;
}

/** The result of a comparator as a plain number. Its sign is what determines the order. */
function order(result: number | Traced): number {
  if (typeof result === 'number') return result;
  const gap = numberOf(result);
  if (cuts.comparing) cuts.add(result.tapeIndex, Number(gap > 0), noSite, { right: -1, gap });
  return gap;
}

/** Compares two elements by their text, as native `sort` does by default. */
function byText(a: unknown, b: unknown): number {
  const x = String(plain(a));
  const y = String(plain(b));
  return x < y ? -1 : x > y ? 1 : 0;
}

function strictlyEqual(a: unknown, b: unknown): boolean {
  return comparison.same(a, b);
}

function sameValueZero(a: unknown, b: unknown): boolean {
  return comparison.same(a, b) || (Number.isNaN(plain(a)) && Number.isNaN(plain(b)));
}

/** @param holes  whether holes count as undefined */
function indexFrom(
  array: Elements,
  args: readonly unknown[],
  equals: (a: unknown, b: unknown) => boolean,
  holes: boolean,
): number {
  const { length } = array;
  const from = Math.trunc(Number(args[1])) || 0;
  for (let i = from >= 0 ? from : Math.max(0, length + from); i < length; i++)
    if ((holes || i in array) && equals(array[i], args[0])) return i;
  return -1;
}

function holdsTraced(array: Elements): boolean {
  for (let i = 0; i < array.length; i++) if (array[i] instanceof Traced) return true;
  return false;
}

function asPlain(args: readonly unknown[]): readonly unknown[] {
  return args.length === 0 ? args : [plain(args[0]), ...args.slice(1)];
}

function plainCopy(array: Elements): Elements {
  // A copy by map keeps holes.
  return Array.prototype.map.call(array, plain) as unknown as Elements;
}

function nativeMethod(receiver: unknown, name: ValueMethod): unknown {
  if (Array.isArray(receiver)) return Array.prototype[name];
  if (ArrayBuffer.isView(receiver)) return (Float64Array.prototype as unknown as Elements)[name];
  return undefined;
}

function valueMethod(name: ValueMethod) {
  const replace = replaced[name];
  return (receiver: unknown, ...args: unknown[]): unknown => {
    const own: unknown = (receiver as { readonly [name: string]: unknown })[name];
    if (own !== undefined && own === nativeMethod(receiver, name))
      return replace(receiver as Elements, args, applied(own as Method));
    const given = argumentsFor(own, receiver, args, noSite, '');
    return (receiver as { readonly [name: string]: Method })[name]!(...given);
  };
}

/** The methods of Array and of the typed arrays, and their replacements for any receiver. */
const detachedMethods = new Map<unknown, Method>();
for (const name of Object.keys(replaced) as ValueMethod[])
  for (const { prototype } of [Array, Object.getPrototypeOf(Float64Array) as typeof Array]) {
    const native = (prototype as unknown as { readonly [name: string]: Method })[name];
    if (native) detachedMethods.set(native, standingInFor(native, detachedMethod(name, native)));
  }

function detachedMethod(name: ValueMethod, native: Method): Method {
  const apply = applied(native);
  return function (this: unknown, ...args) {
    return typeof this === 'object' && this !== null
      ? replaced[name](this as Elements, args, apply)
      : Reflect.apply(native, this, args);
  };
}

function applied(method: Method): Native {
  return (array, args) => Reflect.apply(method, array, args);
}

/** A method that is taken from its array: `Array.prototype.includes.call(xs, x)`. */
export function detached(method: unknown): unknown {
  return detachedMethods.get(method) ?? method;
}

/** Object from which a pattern takes methods: `const { some } = Array.prototype`. */
export function detachedMembers(object: unknown): unknown {
  return Array.isArray(object) ? Object.create(object, detachedProperties) : object;
}

const detachedProperties = Object.fromEntries(
  (Object.keys(replaced) as ValueMethod[]).map((name) => [
    name,
    { value: detached((Array.prototype as unknown as Record<string, unknown>)[name]) },
  ]),
);

export const valueMethods = Object.fromEntries(
  (Object.keys(replaced) as ValueMethod[]).map((name) => [name, valueMethod(name)]),
) as Runtime['m'];

/** A member that is called by `o.name?.(…)`, with its receiver. */
export function bound(object: unknown, key: PropertyKey): unknown {
  const own = (object as { readonly [key: PropertyKey]: unknown })[key];
  if (own === undefined || own === null) return own;
  const method = typeof key === 'string' && Object.hasOwn(valueMethods, key) ? (key as ValueMethod) : null;
  return method
    ? (...args: unknown[]) => valueMethods[method](object, ...args)
    : (...args: unknown[]) => Reflect.apply(own as Method, object, args);
}
