import path from 'node:path';
import type { EvaluationContext } from '../core/objective';
import { DiskSources } from '../loss/diskSources';
import type { LossProblem } from '../loss/problem';
import { type Linked, link, type MorePasses } from '../loss/providers/javascript/load/link';
import { locateError, mapStack } from '../loss/providers/javascript/load/locateError';
import type { LossSource } from '../loss/source';
import type { ControlWorker } from '../protocol/control';
import { JobFailure, type Locate, sentenceOf } from './problems';

/** The user's module, loaded, and the way from its errors to its lines. */
export interface LoadedModule {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly texts: readonly (readonly [string, string])[];
  readonly locate: Locate;
  /** What was found on the way that does not keep the module from running. */
  readonly warnings: readonly LossProblem[];
}

/**
 * Links and imports the module of a loss, fresh.
 *
 * @param directory    empty, or not there yet; takes the linked modules
 * @param morePasses   what is changed in the modules beside what loading needs
 * @throws JobFailure with every problem found: syntax, imports, an error thrown while the module runs
 */
export async function loadModule(
  source: LossSource,
  directory: string,
  control: ControlWorker,
  morePasses?: MorePasses,
): Promise<LoadedModule> {
  const sources = new DiskSources(source.texts);
  const linked = await link(source.file, sources, directory, morePasses);
  const problems: LossProblem[] = [...linked.problems];
  if (problems.some((problem) => problem.severity === 'error')) throw new JobFailure(problems);
  const locate = locator(linked);
  control.enterUserCode();
  try {
    const imported: Record<string, unknown> = await import(linked.entryUrl);
    return { exports: imported, texts: sources.texts, locate, warnings: problems };
  } catch (error) {
    throw new JobFailure([
      {
        code: 'import-threw',
        severity: 'error',
        message: `the module could not be loaded: ${sentenceOf(error)}`,
        ...(locate(error) ?? { location: source.location }),
      },
    ]);
  } finally {
    control.leaveUserCode();
  }
}

function locator(linked: Linked): Locate {
  return (error) => {
    const location = locateError(error, linked);
    if (!location) return null;
    const stack = error instanceof Error && error.stack ? mapStack(error.stack, linked) : undefined;
    return stack === undefined ? { location } : { location, stack };
  };
}

/**
 * An export by name. A CommonJS module whose names node did not see has them on its default export.
 *
 * @throws JobFailure if there is none, or it is no function
 */
export function exportedFunction(
  module: LoadedModule,
  name: string,
  source: LossSource,
): (params: number[] | Float64Array, context: EvaluationContext) => unknown {
  const value = exported(module, name);
  if (typeof value === 'function') return value as ReturnType<typeof exportedFunction>;
  const what = value === undefined ? 'has no export' : 'exports something that is no function:';
  throw new JobFailure([
    {
      code: 'missing-export',
      severity: 'error',
      message: `${path.basename(source.file)} ${what} ${name}`,
      location: source.location,
    },
  ]);
}

export function exported(module: LoadedModule, name: string): unknown {
  if (module.exports[name] !== undefined) return module.exports[name];
  const fallback = module.exports.default;
  if (typeof fallback !== 'object' && typeof fallback !== 'function') return undefined;
  return (fallback as Record<string, unknown> | null)?.[name];
}
