import type { RunConfigPatch } from '../core/config/runConfig';
import type { DiagnosisCode } from '../core/diagnosis/catalogue';
import type { LossDeclaration } from '../loss/declaration';
import type { LossSource, PythonInterpreter } from '../loss/source';
import type { RunOrder } from '../runs/runOrder';
import type { RunStore } from '../runs/runStore';
import type { AskedVerifications } from './askedVerifications';
import type { Roots } from './roots';

/** Where the tools work: a window of VS Code, or a command that serves a client. */
export interface Workplace {
  readonly roots: Roots;
  /** The runs of the session. */
  readonly runs: RunStore;
  readonly verifications: AskedVerifications;
  /** Why no code may be run now, as one sentence; null if it may. */
  refusal(): string | null;
  /**
   * The losses in a file or below a folder; in all roots for null.
   *
   * @param at  from `roots.resolve`
   */
  losses(at: string | null, signal: AbortSignal): Promise<FoundLosses>;
  /**
   * The function with a name that a file exports, whether or not it is a loss.
   *
   * @param file  from `roots.resolve`
   * @throws ToolProblem if there is none
   */
  declaration(file: string, name: string): Promise<LossDeclaration>;
  surroundings(declaration: LossDeclaration): Promise<Surroundings>;
  /** The Markdown text of the page of a diagnosis. */
  page(code: DiagnosisCode): Promise<string>;
}

export interface FoundLosses {
  readonly losses: readonly LossDeclaration[];
  /** A sentence for each file that could not be read. */
  readonly unreadable: readonly string[];
}

/** With what a loss is run, apart from its annotation and the overrides. */
export interface Surroundings extends Pick<RunOrder, 'lossText' | 'diagnosis' | 'limits'> {
  /** The configuration that the annotation overrides. */
  readonly defaults: RunConfigPatch;
  /** Unsaved texts: [absolute path, text]. */
  readonly texts: LossSource['texts'];
  readonly interpreter: PythonInterpreter | null;
}
