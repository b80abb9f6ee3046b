import { ModuleTypes } from './moduleTypes';
import { parseTolerantly } from './syntaxTree';
import type { TypeShape } from './typeShape';

/** Finds the text of the module that a specifier in a file leads to; null if it is a package or missing. */
export type ImportedText = (
  specifier: string,
  from: string,
) => { readonly file: string; readonly text: string } | null;

/** Modules of types are short. A longer one is generated, and reading it would delay the editor. */
const longestText = 300_000;
/** How many modules a type is followed through. */
const deepest = 8;

/** The types that other modules export. A module is read when one of its types is asked for, and only once. */
export class ImportedTypes {
  readonly #textOf: ImportedText;
  readonly #modules = new Map<string, ModuleTypes>();
  readonly #asked = new Set<string>();

  constructor(textOf: ImportedText) {
    this.#textOf = textOf;
  }

  /** The structure of a type that a module exports; null if it is not known. */
  shapeOf(specifier: string, name: string, from: string): TypeShape | null {
    const found = this.#textOf(specifier, from);
    if (!found || found.text.length > longestText) return null;
    const key = `${found.file}#${name}`;
    // Modules may export each other's types, and themselves again.
    if (this.#asked.has(key) || this.#asked.size >= deepest) return null;
    this.#asked.add(key);
    try {
      return this.#moduleOf(found).exported(name);
    } finally {
      this.#asked.delete(key);
    }
  }

  #moduleOf({ file, text }: { readonly file: string; readonly text: string }): ModuleTypes {
    const known = this.#modules.get(file);
    if (known) return known;
    const types = new ModuleTypes(parseTolerantly(text, file), text, file, this);
    this.#modules.set(file, types);
    return types;
  }
}

/** For texts whose imports are not read. */
export const noImportedTypes = new ImportedTypes(() => null);
