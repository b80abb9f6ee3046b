import type { ImportedTypes } from '../discovery/javascript/importedTypes';
import { type ImportedFile, ReexportedLosses } from '../discovery/javascript/reexportedLosses';
import { DiskSources } from '../diskSources';
import { ModuleResolver } from './javascript/load/resolve';

/**
 * Finds the losses that a file on disk re-exports from other files. Separate from the registry, which would also
 * import the loaders: the command line only resolves imports.
 */
export function reexportedLosses(file: string, types: ImportedTypes): ReexportedLosses {
  const sources = new DiskSources();
  const resolver = new ModuleResolver(sources, file);
  const importedFile: ImportedFile = (specifier, from) => {
    const resolution = resolver.resolve(specifier, from, 'import');
    return resolution.kind === 'user' ? resolution.file : null;
  };
  return new ReexportedLosses(sources, importedFile, types);
}
