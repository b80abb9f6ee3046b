import type { SourceLocation } from '../../core/sourceLocation';
import type { LineMap } from '../places/lineMap';

/** Replaces the text at the location by `text`; an empty location inserts. */
export interface TextEdit {
  readonly location: SourceLocation;
  readonly text: string;
}

interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Edits of one text that do not overlap. */
export class TextEdits {
  readonly #lines: LineMap;
  readonly #all: Replacement[] = [];

  constructor(lines: LineMap) {
    this.#lines = lines;
  }

  /** Insertions at one place become one edit, because the order of separate edits at one place is undefined. */
  replace(from: number, to: number, text: string): void {
    const same = this.#all.findIndex((edit) => edit.from === from && (edit.to === from || to === from));
    const before = this.#all[same];
    if (!before) this.#all.push({ from, to, text });
    // An insertion precedes what replaces the text after it.
    else if (before.to === from) this.#all[same] = { from, to, text: before.text + text };
    else this.#all[same] = { from, to: before.to, text: text + before.text };
  }

  remove(from: number, to: number): void {
    this.replace(from, to, '');
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** By how many characters the edits between two offsets make the text longer. */
  growth(from: number, to: number): number {
    return this.#all
      .filter((edit) => edit.from >= from && edit.to <= to)
      .reduce((sum, edit) => sum + edit.text.length - (edit.to - edit.from), 0);
  }

  get all(): TextEdit[] {
    return this.#all.map(({ from, to, text }) => ({ location: this.#lines.location(from, to), text }));
  }
}

/** The line end that a text uses. */
export function lineEndOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}
