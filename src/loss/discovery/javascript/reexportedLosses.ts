import type { LossDeclaration } from '../../declaration';
import type { Sources } from '../../sources';
import { discover, lossNamed } from '../discover';
import type { ImportedTypes } from './importedTypes';
import { type Reexport, reexportsIn } from './reexports';

/** Finds the file of the user that a specifier refers to; null if it is a package or missing. */
export type ImportedFile = (specifier: string, from: string) => string | null;

/** Follows the re-exports of modules to the declarations of losses. */
export class ReexportedLosses {
  readonly #sources: Sources;
  readonly #importedFile: ImportedFile;
  readonly #types: ImportedTypes;
  readonly #declared = new Map<string, readonly LossDeclaration[]>();

  constructor(sources: Sources, importedFile: ImportedFile, types: ImportedTypes) {
    this.#sources = sources;
    this.#types = types;
    this.#importedFile = importedFile;
  }

  /** The declaration that an address of a file leads to, in any file; null if there is none. */
  named(file: string, address: string, seen = new Set<string>()): LossDeclaration | null {
    const key = `${file}#${address}`;
    const text = seen.has(key) ? undefined : this.#sources.read(file);
    seen.add(key);
    if (text === undefined) return null;
    const own = lossNamed(text, file, address, this.#types);
    if (own) return own;
    for (const reexport of reexportsIn(text, file)) {
      const target = this.#importedFile(reexport.specifier, file);
      const inner = addressBehind(address, reexport);
      const found = target !== null && inner !== null ? this.named(target, inner, seen) : null;
      if (found) return found;
    }
    return null;
  }

  /** The losses that a file re-exports, each once, at their declarations. */
  of(file: string): LossDeclaration[] {
    const found = new Map<string, LossDeclaration>();
    for (const loss of this.#of(file, new Set()))
      if (loss.file !== file) found.set(`${loss.file}#${loss.exportName}`, loss);
    return [...found.values()];
  }

  #of(file: string, seen: Set<string>): LossDeclaration[] {
    const text = seen.has(file) ? undefined : this.#sources.read(file);
    seen.add(file);
    if (text === undefined) return [];
    return reexportsIn(text, file).flatMap(({ specifier, imported }) => {
      const target = this.#importedFile(specifier, file);
      if (target === null) return [];
      if (imported === null) return [...this.#losses(target), ...this.#of(target, seen)];
      const loss = this.named(target, imported);
      const members = this.#losses(target).filter(({ exportName }) => exportName?.startsWith(`${imported}.`));
      return loss && loss.foundBy !== 'cursor' ? [loss, ...members] : members;
    });
  }

  /** The losses that a file declares. */
  #losses(file: string): readonly LossDeclaration[] {
    const known = this.#declared.get(file);
    if (known) return known;
    const losses = discover(this.#sources.read(file) ?? '', file, 'named', this.#types);
    this.#declared.set(file, losses);
    return losses;
  }
}

/** The address in the other module; null if the re-export is another one. */
function addressBehind(address: string, { exported, imported }: Reexport): string | null {
  if (exported === null) return address === 'default' ? null : address;
  if (address === exported) return imported;
  if (!address.startsWith(`${exported}.`)) return null;
  const members = address.slice(exported.length + 1);
  return imported === null ? members : `${imported}.${members}`;
}
