import type { SourceLocation } from '../core/sourceLocation';

/** The properties of every loss to load, in any language. */
export interface SourceBase {
  /** Absolute path. */
  readonly file: string;
  /** For messages. */
  readonly lossName: string;
  /** The place of the name of the loss. Problems without a place are shown there. */
  readonly location: SourceLocation;
  /** The place of its parameter vector, for the names of coordinates; null if it is destructured or unknown. */
  readonly parameterName: string | null;
  /** Texts that are not on disk: unsaved buffers, or the snapshot of an earlier run. [absolute path, text]. */
  readonly texts: readonly (readonly [string, string])[];
}

/** A function that a JavaScript or TypeScript module exports. */
export interface JavascriptSource extends SourceBase {
  readonly language: 'javascript';
  readonly exportName: string;
  readonly wantsFloat64Array: boolean;
  /** Export that holds the start, where the config has none. */
  readonly startExport: string | null;
  /** Export that gives the gradient. */
  readonly gradientExport: string | null;
}

/** A loss to load: where its text stands, and what its language needs to know to find it there. */
export type LossSource = JavascriptSource;

export type Language = LossSource['language'];
