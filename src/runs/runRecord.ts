import type { RunConfig } from '../core/config/runConfig';
import type { Finding } from '../core/diagnosis/finding';
import type { ExpectationResult } from '../core/expectation';
import type { DifferenceAccuracy } from '../core/gradient/differenceAccuracy';
import type { Intervention } from '../core/interventions';
import type { LrChanges } from '../core/lrByHand';
import type { GradientMethod } from '../core/objective';
import type { StopReason } from '../core/stopping';
import type { StepLayout } from '../core/trace/layout';
import type { LossEnvironment } from '../loss/environment';
import type { LossProblem } from '../loss/problem';
import type { LossSource } from '../loss/source';
import type { RunStatus, VerificationStatus } from '../protocol/panel';
import type { OutcomeMessage } from '../protocol/worker';
import type { RunDescription } from './runOrder';

/** All data of a run except its steps, as stored on disk. */
export interface RunRecord extends RunDescription {
  readonly id: string;
  readonly startedAt: number;
  /** The name that the user gave the run; null if none. */
  name: string | null;
  /** Whether the user keeps the run: it is never removed to make room. */
  isPinned: boolean;
  /** The id of the sweep that made the run. Absent for any other run. */
  readonly sweep?: string;
  /** Whether the Test Explorer made the run to check `@expect`. Absent for any other run. */
  readonly isTest?: true;
  /** Its names are those of the start once it is loaded, if they are not configured. */
  config: RunConfig;
  /** The source, with the loaded texts once they are known. */
  source: LossSource;
  status: RunStatus;
  start: readonly number[] | null;
  layout: StepLayout | null;
  gradientMode: GradientMethod | null;
  /** The accuracy of finite differences of a loss that does not compute in double precision. */
  differenceAccuracy?: DifferenceAccuracy;
  /** With what a loss in another language than JavaScript is evaluated. */
  environment?: LossEnvironment;
  /** The findings. Their fixes are those that the rules proposed; after verification, only those that help. */
  findings: readonly Finding[];
  verification: VerificationStatus;
  /** The number of steps, if it is known. */
  steps: number;
  /** null until the run has ended. */
  stopped: StopReason | null;
  outcome: OutcomeMessage | null;
  /** The result of `config.expect`; null while it is unknown, or if nothing is expected. */
  expectation: ExpectationResult | null;
  problems: readonly LossProblem[];
  lrChanges: LrChanges;
  /** The numbers that the user set between steps. Absent if there are none. */
  readonly interventions?: readonly Intervention[];
  /** The run that it continues with other numbers, and the last step that both have. Absent for any other run. */
  readonly fork?: RunFork;
  elapsedMs: number;
}

/** Where a run leaves another one. */
export interface RunFork {
  /** The id of that run. */
  readonly of: string;
  readonly at: number;
}

/** The record of a run that was requested and has not started yet. */
export function newRecord(id: string, startedAt: number, description: RunDescription): RunRecord {
  const { source, lossText, config, overrides, recording, recordingFile } = description;
  return {
    id,
    startedAt,
    name: null,
    isPinned: false,
    source,
    lossText,
    config,
    overrides,
    ...(recording && { recording }),
    ...(recordingFile !== undefined && { recordingFile }),
    status: 'queued',
    start: config.start,
    layout: null,
    gradientMode: null,
    findings: [],
    verification: 'none',
    steps: 0,
    stopped: null,
    outcome: null,
    expectation: null,
    problems: [],
    lrChanges: [],
    elapsedMs: 0,
  };
}
