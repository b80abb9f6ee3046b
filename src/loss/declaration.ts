import type { CallForm } from '../core/callForm';
import type { RunConfigPatch } from '../core/config/runConfig';
import type { SourceLocation } from '../core/sourceLocation';
import type { TagName } from './annotation/annotationTags';
import type { SourceProblem } from './problem';
import type { Language } from './source';

/** One tag of an annotation. */
export interface AnnotationTag {
  readonly name: string;
  /** The range from the `@`, or in Python from the name, to the end of the text of the tag. */
  readonly location: SourceLocation;
  /** The range of the name with its `@`, or in Python with the `=` after it. */
  readonly nameLocation: SourceLocation;
}

/** The parsed comment of a loss: a JSDoc comment; in Python, a block of `#` lines or a docstring. */
export interface Annotation {
  readonly location: SourceLocation;
  readonly tags: readonly AnnotationTag[];
  /** The valid values of the tags, as a layer of the run's configuration. */
  readonly patch: RunConfigPatch;
  /** The words of tags that set no key of the configuration: `gradient`, the function that returns the gradient, and others. */
  readonly words: ReadonlyMap<TagName, string>;
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
  /** The first parameter that must be given but gets no argument; null if there is none. */
  readonly unfilled: SourceLocation | null;
}

/** The parameter vector of a function, as its declaration describes it. */
export type DeclaredVector =
  /** `arity`: the number of elements; null if it is not declared. `names`: those of all elements; null if one has none. */
  | {
      readonly kind: 'array' | 'Float64Array' | 'Float32Array' | 'rest';
      readonly arity: number | null;
      readonly names: readonly string[] | null;
    }
  | {
      readonly kind: 'object';
      readonly names: readonly string[];
      /** Names that the start may leave out. */
      readonly optional: readonly string[];
      /** Whether the start may add names. */
      readonly isOpen: boolean;
    }
  | { readonly kind: 'numbers'; readonly names: readonly string[] }
  /** Without a type: an array, unless the start has names. */
  | { readonly kind: 'undeclared'; readonly parameters: readonly UntypedParameter[] }
  /** The reason is a clause that names the parameter. */
  | { readonly kind: 'none'; readonly reason: string };

/** A parameter of a function whose first parameter has no type. */
interface UntypedParameter {
  readonly name: string;
  /** What it would get of the context, if it followed the vector. */
  readonly context: boolean | 'indices';
}

export interface DeclaredForm {
  readonly vector: DeclaredVector;
  readonly context: CallForm['context'];
  /** The first parameter that must be given but gets no argument; null if there is none. */
  readonly unfilled: string | null;
}

/** An optimizer that the user wrote, with the optimizer that its tag names. */
export interface DeclaredOptimizer {
  readonly reference: NonNullable<RunConfigPatch['optimizer']>;
  readonly form: DeclaredForm;
  /** The place of its name. */
  readonly location: SourceLocation;
}

/** The declaration of a loss in a source text. */
export interface LossDeclaration {
  readonly language: Language;
  /** The absolute path, as the caller gave it. */
  readonly file: string;
  /** The name of the function; the name of the file for an anonymous default export. */
  readonly name: string;
  /**
   * The address of its export (`f`, `default`, `losses.a`; see docs/decisions/loading.md); null if not
   * exported (only with `cursor`).
   */
  readonly exportName: string | null;
  /** The place of the function's name. */
  readonly location: SourceLocation;
  /** The range of the whole function with its comment, used to find the loss at the cursor. */
  readonly extent: SourceLocation;
  /** The first line of the declaration statement. The annotation is placed directly before it. */
  readonly statement: SourceLocation;
  readonly foundBy: 'annotation' | 'name' | 'cursor';
  /** The length of `@start`, of the declared vector, or of the literal `<name>Start`; null if none is known. */
  readonly dim: number | null;
  /** The names that the declared vector gives to its coordinates, such as those of `[x, y]`; null if it gives none. */
  readonly parameterNames: readonly string[] | null;
  /** null if the function is created by an expression or has no parameters. */
  readonly parameter: ParameterPlaces | null;
  readonly form: DeclaredForm;
  /** How the other exported functions of the module are called, by their addresses. */
  readonly forms: ReadonlyMap<string, DeclaredForm>;
  /** The optimizers of the module (`@optimizerStep`), by the addresses of their exports; absent if there are none. */
  readonly optimizers?: ReadonlyMap<string, DeclaredOptimizer>;
  /** The name of the export `<name>Start`; null if the module does not have it. */
  readonly startExport: string | null;
  /** The keys of the literal `<name>Start`, if it is an object; null otherwise. */
  readonly startKeys: readonly string[] | null;
  readonly annotation: Annotation | null;
}

export type DiscoveryMode = 'annotated' | 'named' | 'off';
