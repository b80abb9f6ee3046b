import MagicString, { type SourceMapSegment } from 'magic-string';
import { LineMap } from '../../../places/lineMap';
import { type Insertion, inOrder } from './insertions';

/** The decoded source map, version 3, of one published file. */
export interface ModuleMap {
  readonly version: 3;
  readonly sources: string[];
  readonly names: string[];
  readonly mappings: SourceMapSegment[][];
}

/** An overwrite keeps the texts that were inserted at the ends of its range. */
const keepInserted = { contentOnly: true };

/**
 * The changes that passes make to the text of one module. Blanking and replacement with the same length keep
 * all positions. Any other change is recorded, and the module then gets a source map.
 */
export class Edits {
  readonly #text: string;
  readonly #result: MagicString;
  readonly #insertions: Insertion[] = [];
  /** The change in length of each replaced range, by the end of the range in the source. */
  readonly #growth = new Map<number, number>();
  #isFinished = false;

  constructor(text: string) {
    this.#text = text;
    this.#result = new MagicString(text);
  }

  /**
   * Replaces a range by spaces and keeps its line breaks. `lead` is written at its start: a `;` to end a
   * statement.
   */
  blank(from: number, to: number, lead = ''): void {
    if (to <= from) return;
    const blanks = this.#text.slice(from, to).replace(/[^\r\n]/g, ' ');
    this.#result.overwrite(from, to, lead + blanks.slice(lead.length), keepInserted);
  }

  /** Replaces a range by a text. The line breaks of the old text are kept, after the new text. */
  replace(from: number, to: number, text: string): void {
    const old = this.#text.slice(from, to);
    const ends = old.replace(/[^\r\n]/g, '');
    const padded = ends === '' ? text.padEnd(old.length) : text + ends;
    if (padded.length !== old.length || ends !== '') this.#growth.set(to, padded.length - old.length);
    this.#result.overwrite(from, to, padded, keepInserted);
  }

  /** Inserts a text before the character at an offset, after earlier insertions at this offset. */
  insert(at: number, text: string): void {
    this.#insertions.push({ at, text, role: 1, partner: at, order: this.#insertions.length });
  }

  /**
   * Inserts texts before and after a range. Ranges may nest. If two wraps have the same range, the later is
   * outside.
   */
  wrap(from: number, to: number, before: string, after: string): void {
    const order = this.#insertions.length;
    if (before !== '') this.#insertions.push({ at: from, text: before, role: 2, partner: to, order });
    if (after !== '') this.#insertions.push({ at: to, text: after, role: 0, partner: from, order });
  }

  append(text: string): void {
    this.#result.append(text);
  }

  toString(): string {
    this.#finish();
    return this.#result.toString();
  }

  /** The source map; null if all positions in the result equal those in the source. */
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

  /**
   * Maps each inserted text to the position in the source that follows it, not to the one that precedes it.
   */
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
