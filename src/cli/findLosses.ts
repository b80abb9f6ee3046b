import path from 'node:path';
import { nearest } from '../core/config/nearest';
import { lineAfterFile } from '../core/sourceLocation';
import type { LossDeclaration } from '../loss/declaration';
import { discover, expectationsIn, lossNamed, optimizerStepsIn } from '../loss/discovery/discover';
import { lossInText } from '../loss/discovery/lossInText';
import { mayHoldLoss } from '../loss/discovery/mayHoldLoss';
import { typesOnDisk } from '../loss/disk/importedText';
import { readAhead } from '../loss/disk/readAhead';
import { readSourceFile } from '../loss/disk/sourceFile';
import { NotASourceFile } from '../loss/notASourceFile';
import { ForeignNotebook } from '../loss/notebook/readNotebook';
import { reexportedLosses } from '../loss/providers/reexports';
import { BadInput } from './badInput';
import { filesAt, readSource } from './sourceFiles';

/** The losses and the optimizers of the user in some files, each once. */
export interface Listing {
  readonly losses: readonly LossDeclaration[];
  readonly optimizers: readonly LossDeclaration[];
}

/**
 * All losses and optimizers in files or below folders, in order of the paths, of the files and of their lines.
 *
 * @param onUnreadable  called for each file below a folder that cannot be read
 * @throws BadInput if there is no such path, or it is a file that cannot be read
 */
export async function findLosses(
  targets: readonly string[],
  onUnreadable: (error: BadInput) => void,
): Promise<Listing> {
  const losses = new DistinctDeclarations();
  const optimizers = new DistinctDeclarations();
  for (const target of targets) await addFrom(target, { losses, optimizers }, onUnreadable);
  return { losses: losses.all, optimizers: optimizers.all };
}

/** Declarations by their places, because the paths that a user names may overlap. */
export class DistinctDeclarations {
  readonly #byPlace = new Map<string, LossDeclaration>();

  add(declarations: readonly LossDeclaration[]): void {
    for (const declaration of declarations) {
      const { file, location } = declaration;
      const place = `${file}:${lineAfterFile(location)}:${location.column}`;
      if (!this.#byPlace.has(place)) this.#byPlace.set(place, declaration);
    }
  }

  get all(): LossDeclaration[] {
    return [...this.#byPlace.values()];
  }
}

async function addFrom(
  target: string,
  { losses, optimizers }: Readonly<Record<keyof Listing, DistinctDeclarations>>,
  onUnreadable: (error: BadInput) => void,
): Promise<void> {
  const types = typesOnDisk();
  for await (const read of readAhead(filesAt(target), readSource)) {
    if ('error' in read) {
      const error = unreadable(read.file, read.error);
      if (read.file === target) throw error;
      if (!(read.error instanceof ForeignNotebook)) onUnreadable(error);
    } else {
      const file = path.resolve(read.file);
      if (mayHoldLoss(read.text, read.file, 'named')) losses.add(discover(read.text, file, 'named', types));
      optimizers.add(optimizerStepsIn(read.text, file));
      // Below a folder, they are found where they are declared.
      if (read.file === target) losses.add(reexportedLosses(file, types).of(file));
    }
  }
}

/**
 * All functions with `@expect` in a file, in order of line.
 *
 * @param file  one of `filesAt`
 * @throws BadInput if it cannot be read
 */
export function findExpectations(file: string): LossDeclaration[] {
  return expectationsIn(readText(file), path.resolve(file), typesOnDisk());
}

/**
 * The function that `file#address` names, which the file may only re-export. It need not be a loss.
 *
 * @throws BadInput if there is no such file or function
 */
export function findLoss(target: string): LossDeclaration {
  const at = target.lastIndexOf('#');
  if (at <= 0)
    throw new BadInput(`name the loss as FILE#NAME, for example src/fit.ts#rosenbrock; got ${target}`);
  const file = path.resolve(target.slice(0, at));
  const name = target.slice(at + 1);
  const text = readText(file);
  const types = typesOnDisk();
  // A nested function is found too, although it cannot be run. The error then says so instead of "not found".
  const found =
    lossNamed(text, file, name, types) ??
    reexportedLosses(file, types).named(file, name) ??
    lossInText(text, file, name, types);
  if (found) return found;
  const losses = discover(text, file, 'named');
  const names = losses.map((loss) => loss.name);
  const near = nearest(name, names);
  const hint = near ? `; did you mean ${near}?` : names.length > 0 ? `; its losses: ${names.join(', ')}` : '';
  throw new BadInput(`${display(file)} has no function ${name}${hint}`);
}

/** The path in the form that messages show: relative to the working directory, with forward slashes. */
export function display(file: string): string {
  return path.relative(process.cwd(), file).split(path.sep).join('/') || '.';
}

export function readText(file: string): string {
  try {
    return readSourceFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): BadInput {
  if (error instanceof NotASourceFile) return new BadInput(`${display(file)} ${error.message}`);
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new BadInput(isMissing ? `there is no file ${display(file)}` : `${display(file)} cannot be read`);
}
