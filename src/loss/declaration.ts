import type { RunConfigPatch } from '../core/config/runConfig';
import type { SourceLocation } from '../core/sourceLocation';
import type { SourceProblem } from './problem';

/** One `@tag` of an annotation. */
export interface AnnotationTag {
  readonly name: string;
  /** The range from the `@` to the end of the text of the tag. */
  readonly location: SourceLocation;
  /** The range of the name with its `@`. */
  readonly nameLocation: SourceLocation;
}

/** The parsed JSDoc comment of a loss. */
export interface Annotation {
  readonly location: SourceLocation;
  readonly tags: readonly AnnotationTag[];
  /** The valid values of the tags, as a layer of the run's configuration. */
  readonly patch: RunConfigPatch;
  /** `@gradient name`: the exported function that returns the gradient. */
  readonly gradient: string | null;
  readonly problems: readonly SourceProblem[];
  /**
   * The place of the value of a config path, such as 'optimizer', 'optimizer.lr', 'clip.norm', 'start' or
   * 'names.1'.
   */
  readonly places: ReadonlyMap<string, SourceLocation>;
  /** The place of an option with its key (`lr=0.05`), by the same paths. */
  readonly options: ReadonlyMap<string, SourceLocation>;
}

/** The places at which a loss accesses the coordinates of its parameter vector. */
export interface ParameterPlaces {
  /** null for a destructuring pattern. */
  readonly name: string | null;
  /** The name or destructuring pattern of the parameter. */
  readonly location: SourceLocation;
  /** The place where a coordinate gets its name or is first read, for coordinates where it is certain. */
  readonly coordinates: ReadonlyMap<number, SourceLocation>;
  /** The rest element `...rest` of the pattern. `first` is the index of its first coordinate. */
  readonly rest: { readonly first: number; readonly location: SourceLocation } | null;
}

/** The declaration of a loss in a source text. */
export interface LossDeclaration {
  /** The absolute path, as the caller gave it. */
  readonly file: string;
  /** The name of the function; the name of the file for an anonymous default export. */
  readonly name: string;
  /**
   * The name under which the module exports it, possibly 'default'; null if not exported (only with
   * `cursor`).
   */
  readonly exportName: string | null;
  /** The place of the function's name. */
  readonly location: SourceLocation;
  /** The range of the whole function with its comment, used to find the loss at the cursor. */
  readonly extent: SourceLocation;
  /** The first line of the declaration statement. The annotation is placed directly before it. */
  readonly statement: SourceLocation;
  readonly foundBy: 'annotation' | 'name' | 'cursor';
  /**
   * The length of `@start`, of the destructuring pattern, or of the literal `<name>Start`; null if none is
   * known.
   */
  readonly dim: number | null;
  /** The names in the destructuring pattern: `[x, y]` gives x, y. null without a pattern of plain names. */
  readonly parameterNames: readonly string[] | null;
  /** null if the function is created by an expression or has no parameters. */
  readonly parameter: ParameterPlaces | null;
  /** Whether the parameter has the type Float64Array. The loss is then called with a Float64Array. */
  readonly wantsFloat64Array: boolean;
  /** The name of the export `<name>Start`; null if the module does not have it. */
  readonly startExport: string | null;
  readonly annotation: Annotation | null;
}

export type DiscoveryMode = 'annotated' | 'named' | 'off';
