import type { AnalysisProgress } from '../analysis/analysis';
import type { RunConfig } from '../config/runConfig';
import type { FindingReport } from '../diagnosis/board';
import type { Fix } from '../diagnosis/finding';
import type { Objective } from '../objective';
import type { Sight } from './watcher';

export interface VerificationSetting extends Sight {
  /** theta_0, shape [dim]. */
  readonly start: Float64Array;
  readonly validation: Objective['value'] | null;
  /** A fresh objective with the gradient that a configuration asks for; null if it is not to be had. */
  objective(config: RunConfig): Promise<Objective | null>;
  /**
   * The same with its gradient checked now and then, as in a run.
   *
   * @param report  takes in what the checks find
   */
  checked(plain: Objective, config: RunConfig, report: (finding: FindingReport) => void): Promise<Objective>;
  /** Told runs done and planned. */
  readonly progress: AnalysisProgress;
  /** Told what is known, after every candidate. */
  readonly known: (fixes: VerifiedFixes) => void;
}

/** For every finding the fixes that help, best first, with their outcomes. */
export type VerifiedFixes = readonly (readonly Fix[])[];
