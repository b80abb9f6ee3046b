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

/** A Python interpreter, and how it was found. */
export interface PythonInterpreter {
  /** The path of the executable, or its name on the PATH. */
  readonly path: string;
  /** In words for the user: "selected in the Python extension", "setting adamscope.python", ".venv of the workspace". */
  readonly foundBy: string;
}

/** How tensors hold the parameters of a loss. */
export const dtypes = ['float64', 'float32'] as const;
export type Dtype = (typeof dtypes)[number];

/** The packages in whose arrays a loss takes its parameters; `python`: floats and lists of them. */
export const pythonLibraries = ['torch', 'jax', 'numpy', 'python'] as const;
export type PythonLibrary = (typeof pythonLibraries)[number];

/** A loss in a Python module. Addresses are dotted names of the module: `f`, `model.loss`. */
export interface PythonSource extends SourceBase {
  readonly language: 'python';
  readonly exportName: string;
  readonly form: CallForm;
  /** The variable that contains the start, used if the configuration has none. */
  readonly startExport: string | null;
  readonly gradient: ExportedFunction | null;
  readonly validation: ExportedFunction | null;
  /** The variable, or the function without parameters, that gives the parameters with their structure: a tensor, or dicts and lists of them. */
  readonly params: string | null;
  /** The function that builds the `torch.nn.Module` whose parameters are the coordinates; the loss gets the module. */
  readonly module: string | null;
  /** The function that makes the data of a step; the loss gets them after the module. */
  readonly data: string | null;
  readonly dtype: Dtype;
  /** null: it is found from the annotation of the parameter and the imports of the module. */
  readonly library: PythonLibrary | null;
  /** The optimizer class that the configuration names as the user's own. */
  readonly optimizer?: ExportedOptimizer;
  /** null: it is searched for around the file. */
  readonly interpreter: PythonInterpreter | null;
}

/**
 * A loss to load: the file that contains it, and the information that its language needs to find it there.
 */
export type LossSource = JavascriptSource | PythonSource;

export type Language = LossSource['language'];
