import MagicString, { type SourceMapSegment } from 'magic-string';
import { LineMap } from '../../../places/lineMap';
import { type Insertion, inOrder } from './insertions';

/** A source map of one published file, version 3, decoded. */
export interface ModuleMap {
  readonly version: 3;
  readonly sources: string[];
  readonly names: string[];
  readonly mappings: SourceMapSegment[][];
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
  readonly #insertions: Insertion[] = [];
  /** How much longer a stretch got, by its end. */
  readonly #growth = new Map<number, number>();
  #isFinished = false;

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
    if (padded.length !== old.length || ends !== '') this.#growth.set(to, padded.length - old.length);
    this.#result.overwrite(from, to, padded, keepInserted);
  }

  /** Puts a text before the character at an offset, and after what was inserted there before. */
  insert(at: number, text: string): void {
    this.#insertions.push({ at, text, role: 1, partner: at, turn: this.#insertions.length });
  }

  /** Puts texts around a stretch. Stretches nest; of two over the same one, the later is outside. */
  wrap(from: number, to: number, before: string, after: string): void {
    const turn = this.#insertions.length;
    if (before !== '') this.#insertions.push({ at: from, text: before, role: 2, partner: to, turn });
    if (after !== '') this.#insertions.push({ at: to, text: after, role: 0, partner: from, turn });
  }

  append(text: string): void {
    this.#result.append(text);
  }

  toString(): string {
    this.#finish();
    return this.#result.toString();
  }

  /** null while every position in the result is the position in the source. */
  map(file: string): ModuleMap | null {
    this.#finish();
    if (this.#growth.size === 0 && this.#insertions.length === 0) return null;
    const { sources, names, mappings } = this.#result.generateDecodedMap({ source: file, hires: 'boundary' });
    this.#mapInsertions(mappings);
    return { version: 3, sources: sources.map((source) => source ?? file), names, mappings };
  }

  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    for (const { at, text } of inOrder(this.#insertions)) this.#result.appendLeft(at, text);
  }

  /** What was put before a place leads to that place, and not to what stood before it. */
  #mapInsertions(mappings: SourceMapSegment[][]): void {
    const source = new LineMap('', this.#text);
    const result = new LineMap('', this.#result.toString());
    const growth = [...this.#growth].sort(([a], [b]) => a - b);
    const added = new Set<SourceMapSegment[]>();
    let grown = 0;
    let next = 0;
    for (const { at, text, role } of inOrder(this.#insertions)) {
      for (; next < growth.length && growth[next]![0] <= at; next++) grown += growth[next]![1];
      const to = result.position(at + grown);
      grown += text.length;
      const line = mappings[to.line - 1];
      if (role === 0 || !line) continue;
      const from = source.position(at);
      line.push([to.column - 1, 0, from.line - 1, from.column - 1]);
      added.add(line);
    }
    for (const line of added) line.sort((a, b) => a[0] - b[0]);
  }
}
