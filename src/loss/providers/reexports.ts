import { DiskSources } from '../diskSources';
import { ReexportedLosses } from '../reexportedLosses';
import { importedFile } from './javascript/importedFile';

/**
 * Finds the losses that a file on disk re-exports from other files. Not part of the registry, because the
 * command line resolves imports, but loads no losses itself.
 */
export function reexportedLosses(file: string): ReexportedLosses {
  const sources = new DiskSources();
  return new ReexportedLosses(sources, importedFile(sources, file));
}
