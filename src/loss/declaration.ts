import type { RunConfigPatch } from '../core/config/runConfig';
import type { SourceLocation } from '../core/sourceLocation';
import type { SourceProblem } from './problem';

/** One `@tag` of an annotation. */
export interface AnnotationTag {
  readonly name: string;
  /** From the `@` to the end of the tag's text. */
  readonly location: SourceLocation;
  /** The name alone, `@` included. */
  readonly nameLocation: SourceLocation;
}

/** The JSDoc comment of a loss, read. */
export interface Annotation {
  readonly location: SourceLocation;
  readonly tags: readonly AnnotationTag[];
  /** What the tags say, as a layer of the run's configuration. Holds only what is valid. */
  readonly patch: RunConfigPatch;
  /** `@gradient name`: the exported function that gives the gradient. */
  readonly gradient: string | null;
  readonly problems: readonly SourceProblem[];
  /** Where the value at a config path stands: 'optimizer', 'optimizer.lr', 'clip.norm', 'start', 'names.1', 'gradient'. */
  readonly places: ReadonlyMap<string, SourceLocation>;
  /** Where an option stands with its key, `lr=0.05`, by the same paths. */
  readonly options: ReadonlyMap<string, SourceLocation>;
}

/** Where a loss takes its parameter vector apart. */
export interface ParameterPlaces {
  /** null for a pattern. */
  readonly name: string | null;
  /** The parameter: its name, or its pattern. */
  readonly location: SourceLocation;
  /** Where a coordinate gets its name or is first read, as far as that can be told. */
  readonly coordinates: ReadonlyMap<number, SourceLocation>;
  /** `...rest` of the pattern: the coordinates from an index on. */
  readonly rest: { readonly first: number; readonly location: SourceLocation } | null;
}

/** A loss as it stands in a source text. */
export interface LossDeclaration {
  /** Absolute path, as given. */
  readonly file: string;
  /** What the user calls it: the function's name, or the file's for an anonymous default export. */
  readonly name: string;
  /** The name under which the module exports it ('default' included); null if it is not exported (cursor only). */
  readonly exportName: string | null;
  /** Of the function's name. */
  readonly location: SourceLocation;
  /** Of the whole function with its comment, for "the loss at the cursor". */
  readonly extent: SourceLocation;
  /** Where an annotation goes or stands: the first line of the declaration's statement. */
  readonly statement: SourceLocation;
  readonly foundBy: 'annotation' | 'name' | 'cursor';
  /** From `@start`, else the destructured parameter's arity, else `<name>Start`'s literal; null if not known. */
  readonly dim: number | null;
  /** Names of the destructured parameters: `[x, y]` gives x, y. null if not destructured or not plain names. */
  readonly parameterNames: readonly string[] | null;
  /** null where the function is made by an expression, or takes nothing. */
  readonly parameter: ParameterPlaces | null;
  /** Whether the parameter is typed Float64Array: then it is called with one. */
  readonly wantsFloat64Array: boolean;
  /** Export `<name>Start`, if the module has it. */
  readonly startExport: string | null;
  readonly annotation: Annotation | null;
}

export type DiscoveryMode = 'annotated' | 'named' | 'off';
