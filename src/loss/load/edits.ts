import MagicString from 'magic-string';

/** A source map of one published file, version 3. */
export interface ModuleMap {
  readonly version: 3;
  readonly sources: string[];
  readonly names: string[];
  readonly mappings: string;
}

/** Overwriting leaves what was inserted at its ends. */
const keepInserted = { contentOnly: true };

/**
 * The changes that passes make to one module's text. Blanking and same-length replacement keep every position true;
 * whatever does not is remembered, and the module then gets a source map.
 */
export class Edits {
  readonly #text: string;
  readonly #result: MagicString;
  #shifted = false;

  constructor(text: string) {
    this.#text = text;
    this.#result = new MagicString(text);
  }

  /** Turns a stretch to spaces; line ends stay. `lead` stands in its first place: a `;` that ends what is before. */
  blank(from: number, to: number, lead = ''): void {
    if (to <= from) return;
    const blanks = this.#text.slice(from, to).replace(/[^\r\n]/g, ' ');
    this.#result.overwrite(from, to, lead + blanks.slice(lead.length), keepInserted);
  }

  /** Puts a text in the place of another; line ends inside the old one are kept after it. */
  replace(from: number, to: number, text: string): void {
    const old = this.#text.slice(from, to);
    const ends = old.replace(/[^\r\n]/g, '');
    const padded = ends === '' ? text.padEnd(old.length) : text + ends;
    if (padded.length !== old.length || ends !== '') this.#shifted = true;
    this.#result.overwrite(from, to, padded, keepInserted);
  }

  /** Puts a text before the character at an offset, and after what was inserted there before. */
  insert(at: number, text: string): void {
    this.#shifted = true;
    this.#result.appendLeft(at, text);
  }

  append(text: string): void {
    this.#result.append(text);
  }

  toString(): string {
    return this.#result.toString();
  }

  /** null while every position in the result is the position in the source. */
  map(file: string): ModuleMap | null {
    if (!this.#shifted) return null;
    const { sources, names, mappings } = this.#result.generateMap({ source: file, hires: 'boundary' });
    return { version: 3, sources: sources.map((source) => source ?? file), names, mappings };
  }
}
