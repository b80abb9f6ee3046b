import path from 'node:path';
import type { JavascriptSource } from '../../source';
import { failureAtName } from '../lossFailure';
import type { UserFunction } from './callArguments';
import type { LoadedModule } from './moduleImporter';

/**
 * An exported function, by its address. A static method or a function of an object keeps its `this`.
 *
 * @throws LossFailure if there is no such export, or it is not a function
 */
export function exportedFunction(
  module: LoadedModule,
  address: string,
  source: Pick<JavascriptSource, 'file' | 'location'>,
): UserFunction {
  const { value, holder } = lookUp(module, address);
  if (typeof value === 'function') return holder === null ? (value as UserFunction) : methodOf(holder, value);
  const what = value === undefined ? 'has no export' : 'exports a value that is not a function:';
  throw failureAtName(source, 'missing-export', `${path.basename(source.file)} ${what} ${address}`);
}

/** An export by its address; undefined if there is none. */
export function exported(module: LoadedModule, address: string): unknown {
  return lookUp(module, address).value;
}

interface Found {
  readonly value: unknown;
  /** The object or class that has the value as a member; null for an export itself. */
  readonly holder: object | null;
}

/** An export may be named `a.b`, as in `export { f as 'a.b' }`, so the whole address is tried first. */
function lookUp(module: LoadedModule, address: string): Found {
  const whole = exportNamed(module, address);
  if (whole !== undefined || !address.includes('.')) return { value: whole, holder: null };
  const [root, ...members] = address.split('.');
  let found: Found = { value: exportNamed(module, root!), holder: null };
  for (const member of members) {
    const { value } = found;
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
      return { value: undefined, holder: null };
    found = { value: (value as Record<string, unknown>)[member], holder: value };
  }
  return found;
}

/**
 * If Node did not detect a name of a CommonJS module, it is a property of the default export.
 */
function exportNamed({ exports }: LoadedModule, name: string): unknown {
  if (exports[name] !== undefined) return exports[name];
  const fallback = exports.default;
  if (typeof fallback !== 'object' && typeof fallback !== 'function') return undefined;
  return (fallback as Record<string, unknown> | null)?.[name];
}

/** A method with the object or class to which it belongs. Its length is kept: it tells whether it takes the context. */
function methodOf(holder: object, method: object): UserFunction {
  return Function.prototype.bind.call(method as UserFunction, holder) as UserFunction;
}
