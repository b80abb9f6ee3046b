import type { RunConfig, RunConfigPatch } from '../core/config/runConfig';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { LossSource } from '../loss/source';
import type { JobLimits } from '../protocol/jobProcess';

/** What a run is of: kept with it, whatever its steps come from. */
export interface RunDescription {
  readonly source: LossSource;
  /** The function's text with its comment: tells whether the loss has changed since. */
  readonly lossText: string;
  readonly config: RunConfig;
  /** What was given on top of the annotation. */
  readonly overrides: RunConfigPatch;
}

/** A run or an analysis of a loss to be made: what it is of, and how far it may go. */
export interface RunOrder extends RunDescription {
  readonly diagnosis: DiagnosisLevel;
  readonly limits: JobLimits;
}
