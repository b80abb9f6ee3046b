import type { CallForm } from '../core/callForm';
import type { SourceLocation } from '../core/sourceLocation';

/** The properties of every loss to load, in any language. */
export interface SourceBase {
  /** Absolute path. */
  readonly file: string;
  /** The name of the loss, for messages. */
  readonly lossName: string;
  /** The place of the name of the loss. Problems without a place are shown there. */
  readonly location: SourceLocation;
  /**
   * The name of its parameter vector, for the names of coordinates; null if it is destructured or unknown.
   */
  readonly parameterName: string | null;
  /** Texts that are not on disk: unsaved buffers, or the snapshot of an earlier run. [absolute path, text]. */
  readonly texts: readonly (readonly [string, string])[];
}

/** A function that a JavaScript or TypeScript module exports. */
export interface ExportedFunction {
  /** The address of the export: `f`, `default`, `losses.a`. */
  readonly exportName: string;
  readonly form: CallForm;
}

/** An optimizer that the user's module exports. */
export interface ExportedOptimizer {
  readonly exportName: string;
  /** The type of the vectors that it is declared with. */
  readonly vectors: 'plain' | 'float64';
  /** The place of its name. */
  readonly location: SourceLocation;
}

export interface JavascriptSource extends SourceBase, ExportedFunction {
  readonly language: 'javascript';
  /** The export that contains the start, used if the configuration has none. */
  readonly startExport: string | null;
  /** The export that computes the gradient. */
  readonly gradient: ExportedFunction | null;
  /** The export that the configuration names as the validation loss. */
  readonly validation: ExportedFunction | null;
  /** The export that the configuration names as the optimizer; absent: one of the registry. */
  readonly optimizer?: ExportedOptimizer;
}

/**
 * A loss to load: the file that contains it, and the information that its language needs to find it there.
 */
export type LossSource = JavascriptSource;

export type Language = LossSource['language'];
