import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../core/config/nearest';
import type { LossDeclaration } from '../loss/declaration';
import { isCandidateFile } from '../loss/discovery/candidateFile';
import { discover, expectationsIn, lossAt, lossNamed } from '../loss/discovery/discover';
import { BadInput } from './badInput';

/**
 * Every loss in a file or below a folder, in order of file and line.
 *
 * @throws BadInput if there is no such path
 */
export function findLosses(target: string): LossDeclaration[] {
  return filesAt(target).flatMap((file) => discover(readText(file), path.resolve(file), 'named'));
}

/**
 * Whatever carries `@expect` in one of the files at a path, in order of line.
 *
 * @param file  one of `filesAt`
 * @throws BadInput if it cannot be read
 */
export function findExpectations(file: string): LossDeclaration[] {
  return expectationsIn(readText(file), path.resolve(file));
}

/**
 * The function that `file#name` names, loss or not.
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
  const found = lossNamed(text, file, name) ?? nestedFunctionNamed(text, file, name);
  if (found) return found;
  const losses = discover(text, file, 'named');
  const names = losses.map((loss) => loss.name);
  const near = nearest(name, names);
  const hint = near
    ? `; did you mean ${near}?`
    : names.length > 0
      ? `; its losses are ${names.join(', ')}`
      : '';
  throw new BadInput(`${display(file)} has no function ${name}${hint}`);
}

/** A path as the user would write it: relative to the working directory, with forward slashes. */
export function display(file: string): string {
  return path.relative(process.cwd(), file).split(path.sep).join('/') || '.';
}

/** A function inside another: it cannot be run, which is said better of it than that it is not there. */
function nestedFunctionNamed(text: string, file: string, name: string): LossDeclaration | undefined {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const candidate = lossAt(text, file, at);
    if (candidate?.name === name) return candidate;
  }
  return undefined;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new BadInput(isMissing ? `there is no file ${display(file)}` : `${display(file)} cannot be read`);
  }
}

/**
 * The files at a path that may hold losses, in order of name: the file itself, or those below the folder.
 *
 * @param below  the path so far below the folder that was named: the folder itself may be called build
 * @throws BadInput if there is no such path
 */
export function filesAt(target: string, below = ''): string[] {
  const stat = statSync(target, { throwIfNoEntry: false });
  if (!stat) throw new BadInput(`there is no file or folder ${target}`);
  if (!stat.isDirectory()) return [target];
  return readdirSync(target, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = path.join(target, entry.name);
      const innerBelow = path.join(below, entry.name);
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesAt(inner, innerBelow);
      return entry.isFile() && isCandidateFile(innerBelow) ? [inner] : [];
    });
}

const skipped = new Set(['node_modules', '.git', 'dist', 'build', 'out']);
