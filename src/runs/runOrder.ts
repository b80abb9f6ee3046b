import type { RunConfig, RunConfigPatch } from '../core/config/runConfig';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { Intervention } from '../core/interventions';
import type { LrChanges } from '../core/lrByHand';
import type { LossSource } from '../loss/source';
import type { JobLimits } from '../protocol/jobProcess';
import type { Stops } from '../protocol/stops';
import type { Recording } from '../recordings/recording';

/** The subject of a run. It is stored with the run and does not depend on the source of the steps. */
export interface RunDescription {
  readonly source: LossSource;
  /** The text of the function with its comment, to detect whether the loss has changed since. */
  readonly lossText: string;
  readonly config: RunConfig;
  /** Options that override the annotation. */
  readonly overrides: RunConfigPatch;
  /** What was recorded, if the run is the training of a script: nothing of it can be evaluated. Absent for the run of a loss. */
  readonly recording?: Recording;
  /** The file of that recording. */
  readonly recordingFile?: string;
}

/** A request for a run or an analysis of a loss: its subject and its limits. */
export interface RunOrder extends RunDescription {
  readonly diagnosis: DiagnosisLevel;
  readonly limits: JobLimits;
  /** The learning rates that the user set in an earlier run, which this run repeats. */
  readonly lrChanges?: LrChanges;
  /** The numbers that the user set between steps. */
  readonly interventions?: readonly Intervention[];
  /** Where the run stops, beginning before its first step; absent: it is not debugged. */
  readonly stops?: Stops;
}
