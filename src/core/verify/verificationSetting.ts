import type { AnalysisProgress } from '../analysis/analysis';
import type { RunConfig } from '../config/runConfig';
import type { FindingReport, Fix } from '../diagnosis/finding';
import type { EditProposal } from '../diagnosis/fixes';
import type { Objective } from '../objective';
import type { EditKind, SourceEdit } from '../sourceEdit';
import type { SearchBudget } from './search/searchBudget';
import type { WatcherSetting } from './watcher';

/** The user's program, or the same program with an edit of its source. */
export interface TriedProgram extends Pick<WatcherSetting, 'saturationAt'> {
  readonly validation: Objective['value'] | null;
  /** A new objective with the gradient mode of a configuration; null if that gradient is not available. */
  objective(config: RunConfig): Promise<Objective | null>;
  /** Another instance of the same objective, for evaluations that must not affect those of a run. */
  beside(plain: Objective, config: RunConfig): Objective;
  /**
   * The same objective with gradient checks at some evaluations, as in a run.
   *
   * @param report  receives the findings of the checks
   */
  checked(plain: Objective, config: RunConfig, report: (finding: FindingReport) => void): Promise<Objective>;
}

export interface VerificationSetting extends TriedProgram, WatcherSetting {
  /** theta_0, shape [dim]. It is also the start of an edited program. */
  readonly start: Float64Array;
  /** The program with an edit; null if it cannot be loaded. */
  edited(edit: SourceEdit): Promise<TriedProgram | null>;
  /** The edits of the source that may help against a cause without a known operation. */
  editsAgainst(kind: EditKind): readonly EditProposal[];
  /** Receives the numbers of finished and planned runs. */
  readonly progress: AnalysisProgress;
  /** Receives the results so far, after every candidate. */
  readonly known: (fixes: VerifiedFixes, ofVerdict: readonly Fix[]) => void;
  /** The limits of the search that follows the proposed fixes, and a clock; null for no search. */
  readonly search: { readonly budget: SearchBudget; readonly secondsNow: () => number } | null;
}

/** The fixes that help, with their outcomes, best first; one list per finding. */
export type VerifiedFixes = readonly (readonly Fix[])[];
