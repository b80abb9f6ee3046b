import { Refusal, refuseWith } from '../refusal';
import { tape } from '../tape';
import { Traced } from '../traced';
import { handlesTraced } from './callees';

/** The largest number of objects that are searched for traced values; larger arguments are refused. */
const maximalObjects = 1_000_000;
/** The largest number of objects of a receiver that are searched: it may be the whole of a package. */
export const maximalReceiverObjects = 200;

/**
 * Whether a value contains a traced value: among elements, own properties, and entries of maps and sets.
 *
 * @param limit  the number of objects that are searched
 * @param beyond  the answer if there are more
 */
export function holdsTraced(root: unknown, limit = maximalObjects, beyond = true): boolean {
  if (root instanceof Traced) return true;
  if (typeof root !== 'object' || root === null) return false;
  const seen = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (value instanceof Traced) return true;
    if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    if (seen.size > limit) return beyond;
    if (value instanceof Map) for (const [key, held] of value) open.push(key, held);
    else if (value instanceof Set) for (const held of value) open.push(held);
    if (Array.isArray(value)) for (const element of value) open.push(element);
    else
      for (const key of Reflect.ownKeys(value)) {
        const own = Object.getOwnPropertyDescriptor(value, key);
        if (own && 'value' in own) open.push(own.value);
      }
  }
  return false;
}

/**
 * The arguments of a call whose callee may be code that is not instrumented, where `===`, truthiness and
 * similar operations would lose traced values without an error.
 *
 * @param self    the receiver
 * @param called  the callee as the source names it; empty if it has no name there
 * @returns `args`; for a callee that is not instrumented, callbacks among them are watched
 * @throws Refusal 'foreign-call' if the callee is not instrumented, and an argument or the receiver holds a
 *   traced value
 */
export function argumentsFor(
  fn: unknown,
  self: unknown,
  args: readonly unknown[],
  site: number,
  called: string,
): readonly unknown[] {
  // Without traced parameters there are no traced values: a module is loaded, or the plain value is computed.
  if (tape.length === 0 || typeof fn !== 'function' || handlesTraced(fn)) return args;
  for (const each of args) if (holdsTraced(each)) refuseForeign(fn, called, site);
  if (holdsTraced(self, maximalReceiverObjects, false)) refuseForeign(fn, called, site);
  return args.some((each) => typeof each === 'function')
    ? args.map((each) => (typeof each === 'function' ? watched(each, fn, called, site) : each))
    : args;
}

/** A callback for code that is not instrumented, to which it must return no traced value. */
function watched(callback: object, fn: object, called: string, site: number): object {
  if (isClass(callback)) return callback;
  return new Proxy(callback as () => unknown, {
    apply(target, self, values) {
      const result: unknown = Reflect.apply(target, self, values);
      if (holdsTraced(result)) refuseForeign(fn, called, site);
      return result;
    },
  });
}

function isClass(fn: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn));
}

export function refuseForeign(fn: object, called: string, site: number): never {
  refuseWith(
    new Refusal(
      'foreign-call',
      `a value that depends on the parameters is passed to ${nameOf(fn, called)}, which is not differentiated, so its derivative would be lost`,
      site,
      fn,
    ),
  );
}

/** A function that is passed as an argument: if it is not instrumented, its calls are checked. */
export function callback(fn: unknown, site: number): unknown {
  if (typeof fn !== 'function' || handlesTraced(fn)) return fn;
  return new Proxy(fn as () => unknown, {
    apply: (target, self, values) =>
      Reflect.apply(target, self, argumentsFor(target, self, values, site, '')),
  });
}

function nameOf(fn: object, called: string): string {
  if (called !== '') return `${called}()`;
  const { name } = fn as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' ? `${name}()` : 'a function';
}
