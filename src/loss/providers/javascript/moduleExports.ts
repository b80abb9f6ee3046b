import path from 'node:path';
import type { JavascriptSource } from '../../source';
import { failureAtName } from '../lossFailure';
import type { LoadedModule } from './moduleImporter';
import type { UserFunction } from './userObjective';

/**
 * An exported function, by name.
 *
 * @throws LossFailure if there is no such export, or it is not a function
 */
export function exportedFunction(module: LoadedModule, name: string, source: JavascriptSource): UserFunction {
  const value = exported(module, name);
  if (typeof value === 'function') return value as UserFunction;
  const what = value === undefined ? 'has no export' : 'exports a value that is not a function:';
  throw failureAtName(source, 'missing-export', `${path.basename(source.file)} ${what} ${name}`);
}

/**
 * An export by name. If Node did not detect a name of a CommonJS module, it is a property of the default
 * export.
 */
export function exported({ exports }: LoadedModule, name: string): unknown {
  if (exports[name] !== undefined) return exports[name];
  const fallback = exports.default;
  if (typeof fallback !== 'object' && typeof fallback !== 'function') return undefined;
  return (fallback as Record<string, unknown> | null)?.[name];
}
