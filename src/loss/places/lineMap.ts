import type { SourceLocation } from '../../core/sourceLocation';
import { type CellStart, cellStarts, isNotebook } from '../notebook/notebookText';

/**
 * Converts offsets of one text to lines and columns, both 1-based. A line ends with `\n`, `\r\n` or a lone
 * `\r`. Locations in the text of a notebook are those in its cells.
 */
export class LineMap {
  readonly #starts: number[] = [0];
  readonly #cells: readonly CellStart[];

  readonly file: string;
  readonly text: string;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#cells = isNotebook(file) ? cellStarts(text) : [];
    for (const match of text.matchAll(/\r\n?|\n/g)) this.#starts.push(match.index + match[0].length);
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  position(offset: number): { line: number; column: number } {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - this.#starts[low]! + 1 };
  }

  /** The offset of a 1-based position. A position outside the text gives the nearest offset in the text. */
  offset(line: number, column: number): number {
    const start = this.#starts[Math.min(Math.max(line, 1), this.#starts.length) - 1]!;
    return Math.max(0, Math.min(start + column - 1, this.text.length));
  }

  lineStart(offset: number): number {
    return this.offset(this.position(offset).line, 1);
  }

  /** The offset at which the line of an offset ends, before its line break. */
  lineEnd(offset: number): number {
    const next = this.#starts[this.position(offset).line];
    if (next === undefined) return this.text.length;
    const isPair = this.text[next - 1] === '\n' && this.text[next - 2] === '\r';
    return next - (isPair ? 2 : 1);
  }

  location(from: number, to: number): SourceLocation {
    const start = this.position(from);
    const end = this.position(Math.max(from, to));
    const at = this.#cells.findLast(({ line }) => line <= start.line);
    if (!at) return { file: this.file, ...start, endLine: end.line, endColumn: end.column };
    const { cell } = at;
    const line = start.line - at.line + 1;
    const endLine = end.line - at.line + 1;
    return { file: this.file, cell, line, column: start.column, endLine, endColumn: end.column };
  }

  range({ cell, line, column, endLine, endColumn }: SourceLocation): { from: number; to: number } {
    const before = cell === undefined ? 0 : this.#linesBefore(cell);
    return {
      from: this.offset(before + line, column),
      to: this.offset(before + endLine, endColumn),
    };
  }

  /** The lines before a cell; all lines if the cell is gone. */
  #linesBefore(cell: number): number {
    const start = this.#cells.find((each) => each.cell === cell);
    return start ? start.line - 1 : this.lineCount;
  }
}
