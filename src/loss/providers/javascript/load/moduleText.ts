import type { SourceLocation } from '../../../../core/sourceLocation';
import { LineMap } from '../../../places/lineMap';
import type { ModuleMap } from './edits';

/**
 * The text that passes work on, and its relation to the text of the file. The two differ if syntax that Node does not run was
 * replaced before the passes.
 */
export interface ModuleText {
  readonly text: string;
  /** The text of the file. */
  readonly fileText: string;
  /** The range in the text of the file, for a range in `text`. Offsets count UTF-16 units. */
  fileRange(from: number, to: number): { from: number; to: number };
  /** The lines and columns in the file, for a range in `text`. */
  location(from: number, to: number): SourceLocation;
  /**
   * The map from a published text to the file.
   *
   * @param map  from the published text to `text`; null if all positions are equal
   */
  fileMap(map: ModuleMap | null): ModuleMap | null;
}

/** The unchanged text of a file. */
export class UnchangedText implements ModuleText {
  readonly text: string;
  readonly #lines: LineMap;

  constructor(file: string, text: string) {
    this.text = text;
    this.#lines = new LineMap(file, text);
  }

  get fileText(): string {
    return this.text;
  }

  fileRange(from: number, to: number): { from: number; to: number } {
    return { from, to };
  }

  location(from: number, to: number): SourceLocation {
    return this.#lines.location(from, to);
  }

  fileMap(map: ModuleMap | null): ModuleMap | null {
    return map;
  }
}
