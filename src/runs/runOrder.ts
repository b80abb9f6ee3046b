import type { RunConfig, RunConfigPatch } from '../core/config/runConfig';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { LossSource } from '../loss/source';
import type { JobLimits } from '../protocol/jobProcess';

/** The subject of a run, which is stored with it, independent of the source of its steps. */
export interface RunDescription {
  readonly source: LossSource;
  /** The text of the function with its comment, which shows whether the loss has changed since. */
  readonly lossText: string;
  readonly config: RunConfig;
  /** What was given on top of the annotation. */
  readonly overrides: RunConfigPatch;
}

/** A request for a run or an analysis of a loss: its subject and its limits. */
export interface RunOrder extends RunDescription {
  readonly diagnosis: DiagnosisLevel;
  readonly limits: JobLimits;
}
