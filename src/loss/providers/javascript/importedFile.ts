import type { ImportedFile } from '../../reexportedLosses';
import type { Sources } from '../../sources';
import { ModuleResolver } from './load/resolve';

/** Resolves the specifiers of a program as its loader does. */
export function importedFile(sources: Sources, entry: string): ImportedFile {
  const resolver = new ModuleResolver(sources, entry);
  return (specifier, from) => {
    const resolution = resolver.resolve(specifier, from, 'import');
    return resolution.kind === 'user' ? resolution.file : null;
  };
}
