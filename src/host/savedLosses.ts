import { readFile, stat } from 'node:fs/promises';
import type { DiscoveryMode, LossDeclaration } from '../loss/declaration';
import { discoverInSlices, type Slices } from '../loss/discovery/discoverInSlices';
import type { ImportedTypes } from '../loss/discovery/javascript/importedTypes';
import { mayHoldLoss } from '../loss/discovery/mayHoldLoss';
import { typesOnDisk } from '../loss/disk/importedText';
import { readAhead } from '../loss/disk/readAhead';
import { maxBytesOf, sourceTextOf } from '../loss/disk/sourceFile';

export interface SavedFile {
  /** Absolute path. */
  readonly file: string;
  readonly mode: DiscoveryMode;
}

interface Known {
  /** Size, modification time and mode. While they are unchanged, the stored result is valid. */
  readonly state: string;
  readonly losses: readonly LossDeclaration[];
}

interface Unsearched {
  readonly state: string;
  readonly text: string;
}

type Found = Known | Unsearched | null;

/** The losses of files on disk. Caches the results, so that only changed files are read again. */
export class SavedLosses {
  #known = new Map<string, Known>();

  /**
   * The losses of each file, in order. A file that cannot be read, is not regular or is too large has none.
   * The cached results of all other files are deleted.
   *
   * @throws what `slices.rest` throws
   */
  async *losses(files: readonly SavedFile[], slices: Slices): AsyncGenerator<readonly LossDeclaration[]> {
    const before = this.#known;
    const now = new Map<string, Known>();
    const types = typesOnDisk();
    const found = readAhead(files, (each) => look(each, before.get(each.file)));
    for (const { file, mode } of files) {
      const each = (await found.next()).value as Found;
      if (slices.isOver()) await slices.rest();
      if (!each) continue;
      const known = 'losses' in each ? each : await searched(each, file, mode, slices, types);
      now.set(file, known);
      // Cached immediately, so that a cancelled search keeps its results.
      before.set(file, known);
      yield known.losses;
    }
    this.#known = now;
  }

  /** The losses of one file. The cached results of the others stay. */
  async lossesIn(saved: SavedFile, slices: Slices): Promise<readonly LossDeclaration[]> {
    const { file, mode } = saved;
    const found = await look(saved, this.#known.get(file));
    if (!found) return [];
    const known = 'losses' in found ? found : await searched(found, file, mode, slices, typesOnDisk());
    this.#known.set(file, known);
    return known.losses;
  }
}

async function searched(
  { state, text }: Unsearched,
  file: string,
  mode: DiscoveryMode,
  slices: Slices,
  types: ImportedTypes,
): Promise<Known> {
  return { state, losses: await discoverInSlices(text, file, mode, slices, types) };
}

async function look({ file, mode }: SavedFile, known: Known | undefined): Promise<Found> {
  if (mode === 'off') return null;
  try {
    const is = await stat(file);
    if (!is.isFile() || is.size > maxBytesOf(file)) return null;
    const state = `${is.size} ${is.mtimeMs} ${mode}`;
    if (known?.state === state) return known;
    const content = await readFile(file, 'utf8');
    // Most notebooks have no loss, and need not be read to the end of their outputs.
    return { state, text: mayHoldLoss(content, file, mode) ? sourceTextOf(file, content) : '' };
  } catch {
    return null;
  }
}
