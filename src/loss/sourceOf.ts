import type { RunConfig } from '../core/config/runConfig';
import type { TagName } from './annotation/annotationTags';
import type { LossDeclaration } from './declaration';
import {
  type Dtype,
  dtypes,
  type ExportedFunction,
  type ExportedOptimizer,
  type LossSource,
  type PythonInterpreter,
  type PythonLibrary,
  pythonLibraries,
} from './source';
import { companionForm, type VectorStart } from './start/vectorStart';

interface Parts {
  readonly declaration: LossDeclaration;
  readonly vector: VectorStart;
  readonly config: RunConfig;
  /** The optimizer of the module that drives the run; null if it is one of the registry. */
  readonly own: ExportedOptimizer | null;
  readonly texts: LossSource['texts'];
  /** The interpreter that the user selected; null if there is none. */
  readonly interpreter: PythonInterpreter | null;
}

/** The loss of a declaration, with all that the provider of its language needs to load it. */
export function sourceOf({ declaration, vector, config, own, texts, interpreter }: Parts): LossSource {
  const { annotation, forms } = declaration;
  const companion = (exportName: string | null | undefined): ExportedFunction | null =>
    exportName == null ? null : { exportName, form: companionForm(forms.get(exportName), vector) };
  const common = {
    file: declaration.file,
    exportName: declaration.exportName ?? declaration.name,
    lossName: declaration.name,
    location: declaration.location,
    parameterName: declaration.parameter?.name ?? null,
    form: vector.form,
    startExport: declaration.startExport,
    gradient: companion(annotation?.words.get('gradient')),
    validation: companion(config.validation),
    ...(own && { optimizer: own }),
    texts,
  };
  if (declaration.language === 'javascript') return { language: 'javascript', ...common };
  const word = (name: TagName) => annotation?.words.get(name) ?? null;
  return {
    language: 'python',
    ...common,
    params: word('params'),
    module: word('module'),
    data: word('data'),
    dtype: dtypeOf(word('dtype')) ?? 'float64',
    library: libraryOf(word('library')),
    interpreter,
  };
}

function dtypeOf(name: string | null): Dtype | null {
  return dtypes.find((each) => each === name) ?? null;
}

function libraryOf(name: string | null): PythonLibrary | null {
  return pythonLibraries.find((each) => each === name) ?? null;
}
