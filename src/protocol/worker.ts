/**
 * The boundary between a job's process and its worker thread. The thread receives the job as one message and
 * posts events, which the process passes on to the host (jobProcess.ts). A synchronous loop reads no
 * messages. Therefore the user's commands during a run are in shared memory (control.ts), and the steps are
 * transferred through a ring buffer (stepRing.ts).
 */

import type { LossAnalysis } from '../core/analysis/analysis';
import type { Report } from '../core/analysis/report';
import type { RunConfig } from '../core/config/runConfig';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { Finding, Fix } from '../core/diagnosis/finding';
import type { DifferenceAccuracy } from '../core/gradient/differenceAccuracy';
import type { Intervention } from '../core/interventions';
import type { Keyframe } from '../core/keyframe';
import type { LrChanges } from '../core/lrByHand';
import type { GradientMethod } from '../core/objective';
import type { RecordedSpike, ReplayDiffers, SpikeReplay } from '../core/replay/spikeReplay';
import type { TrainingState } from '../core/replay/trainingState';
import type { StopReason } from '../core/stopping';
import type { StepLayout } from '../core/trace/layout';
import type { PackedLayout } from '../core/trace/packedLayout';
import type { Plane } from '../core/trace/pathPlane';
import type { VectorSample } from '../core/trace/vectorSample';
import type { Verdict } from '../core/verdict/verdict';
import type { SearchBudget } from '../core/verify/search/searchBudget';
import type { Verification } from '../core/verify/verification';
import type { VerifiedFixes } from '../core/verify/verificationSetting';
import type { LossEnvironment } from '../loss/environment';
import type { LossProblem } from '../loss/problem';
import type { LossSource } from '../loss/source';
import type { ControlMemory } from './control';
import type { RingMemory } from './stepRing';
import type { LoggedLine, StopHit, Stops } from './stops';

export type Job =
  | {
      readonly kind: 'run';
      readonly config: RunConfig;
      /**
       * The maximum number of bytes of the recorded coordinates over the planned steps; Infinity records all.
       */
      readonly recordBudget: number;
      /** The maximum number of bytes of all keyframes; 0: none are made. */
      readonly keyframeBudget: number;
      readonly diagnosis: DiagnosisLevel;
      /** The learning rates that the user set in an earlier run, which this run repeats. The user cannot set others. */
      readonly lrChanges?: LrChanges;
      /** The numbers that the user set between steps. */
      readonly interventions?: readonly Intervention[];
      /** Where to stop; absent: the run is not debugged. */
      readonly stops?: Stops;
    }
  | {
      readonly kind: 'gradient';
      readonly config: RunConfig;
      /** The point; null for the start of the loss. */
      readonly at: readonly number[] | null;
    }
  | {
      /** Evaluates a loss of two coordinates on a grid. values[j * columns + i] is at x_i, y_j. */
      readonly kind: 'grid';
      readonly config: RunConfig;
      readonly x: readonly [number, number];
      readonly y: readonly [number, number];
      readonly columns: number;
      readonly rows: number;
      /** The plane in which x_i, y_j lie, for a loss of more coordinates. */
      readonly plane?: Plane;
    }
  | {
      /** Makes the steps of a run again up to step `to`, for the records of one coordinate: of every k-th step of [from, to], from `from` on. Before `from`, of the steps 1, 1 + checkEvery, … that it makes. */
      readonly kind: 'replay';
      readonly config: RunConfig;
      readonly coordinate: number;
      readonly from: number;
      readonly to: number;
      readonly every: number;
      readonly checkEvery: number;
      /** The state from which the steps are made; null: from the start. */
      readonly keyframe: Keyframe | null;
      readonly lrChanges: LrChanges;
      readonly interventions?: readonly Intervention[];
    }
  | { readonly kind: 'analysis'; readonly config: RunConfig; readonly analysis: LossAnalysis }
  /** Tries the fixes of a run's findings and compares them with the baseline run. */
  | {
      readonly kind: 'verify';
      readonly config: RunConfig;
      readonly diagnosis: DiagnosisLevel;
      readonly findings: readonly Finding[];
      /** The verdict on the run; null if it has none. */
      readonly verdict: Verdict | null;
      /** The limits of the search for other configurations; null for no search. */
      readonly budget: SearchBudget | null;
    }
  /** Makes the steps around a spike of a recorded training again, with a loss of the same parameters, and tries changes. */
  | {
      readonly kind: 'spike';
      readonly config: RunConfig;
      /** In the order of `names`. */
      readonly state: TrainingState;
      readonly names: readonly string[];
      readonly lrChanges: LrChanges;
      readonly recorded: RecordedSpike;
    }
  /** Compares the optimizer step that the source exports with the optimizer of the configuration. */
  | { readonly kind: 'optimizerStep'; readonly config: RunConfig };

/** The data that the process passes to its thread. */
export interface WorkerStart {
  readonly source: LossSource;
  readonly job: Job;
  readonly control: ControlMemory;
  /** An empty folder for the modules that are generated from the user's modules. */
  readonly directory: string;
  /** The folder for results that are kept between jobs; null for none. */
  readonly cache: string | null;
}

/** A message from the process to its thread: at most one rehearsal (see `worker/rehearsal.ts`), then the job. */
export type ThreadRequest =
  | { readonly type: 'rehearse'; readonly directory: string }
  | { readonly type: 'start'; readonly start: WorkerStart };

export interface OutcomeMessage {
  readonly steps: number;
  readonly stopped: StopReason;
  readonly final: { readonly params: Float64Array; readonly loss: number; readonly gradNorm: number };
  readonly best: { readonly params: Float64Array; readonly loss: number; readonly t: number };
  readonly verdict: Verdict;
}

/**
 * A message from the thread to its process. `ring` is sent before `loaded`. `process` names another process in which the user's code
 * runs.
 */
export type ThreadMessage =
  | WorkerEvent
  | { readonly type: 'ring'; readonly ring: RingMemory }
  | { readonly type: 'process'; readonly pid: number };

/** Whether this event is the last one of a job. */
export function isLast({ type }: WorkerEvent): boolean {
  switch (type) {
    case 'loaded':
    case 'gradientMode':
    case 'differenceAccuracy':
    case 'environment':
    case 'lrChange':
    case 'findings':
    case 'sample':
    case 'keyframe':
    case 'stopped':
    case 'logged':
    case 'console':
    case 'warning':
    case 'progress':
    case 'tried':
      return false;
    case 'done':
    case 'failed':
    case 'gradient':
    case 'grid':
    case 'replay':
    case 'analysis':
    case 'verified':
    case 'spike':
      return true;
    default:
      return type satisfies never;
  }
}

export type WorkerEvent =
  /** The module is loaded and the run begins. */
  | {
      readonly type: 'loaded';
      readonly start: readonly number[];
      readonly layout: PackedLayout;
      /** The names of the coordinates: those of the configuration, or of the structure of the start; null or absent if there are none. */
      readonly names?: readonly string[] | null;
      readonly gradientMode: GradientMethod;
      /** Whether each step has a loss of its own, without mini-batches; false if absent. */
      readonly isPerStep?: boolean;
      /** The texts that were loaded, so that the same loss can be loaded again: [absolute path, text]. */
      readonly texts: readonly (readonly [string, string])[];
    }
  /** The gradient method has changed. */
  | { readonly type: 'gradientMode'; readonly mode: GradientMethod }
  /** The accuracy of finite differences, if the loss does not compute in double precision. */
  | { readonly type: 'differenceAccuracy'; readonly accuracy: DifferenceAccuracy }
  /** With what the loss is evaluated, if it is not this interpreter. The last one counts. */
  | { readonly type: 'environment'; readonly environment: LossEnvironment }
  /** Step t is the first one with this learning rate, which the user set. */
  | { readonly type: 'lrChange'; readonly t: number; readonly lr: number }
  | { readonly type: 'findings'; readonly findings: readonly Finding[] }
  /** A sample of all coordinates of a run with many. It may arrive before the record of its step. */
  | { readonly type: 'sample'; readonly sample: VectorSample }
  /** A state of the run, from which its steps can be made again. It may arrive before the record of its step. */
  | { readonly type: 'keyframe'; readonly keyframe: Keyframe }
  /** The run has paused itself after a step. */
  | { readonly type: 'stopped'; readonly hit: StopHit }
  /** The texts of logpoints. */
  | { readonly type: 'logged'; readonly lines: readonly LoggedLine[] }
  /** Lines that the user's code wrote to the console. */
  | { readonly type: 'console'; readonly lines: readonly string[] }
  /** A warning that does not end the job. */
  | { readonly type: 'warning'; readonly problem: LossProblem }
  /** The job cannot continue. After 'loaded', `outcome` contains the result so far. */
  | {
      readonly type: 'failed';
      readonly problems: readonly LossProblem[];
      readonly outcome: OutcomeMessage | null;
    }
  | { readonly type: 'done'; readonly outcome: OutcomeMessage }
  | {
      readonly type: 'gradient';
      readonly at: readonly number[];
      /** The names of the coordinates, as entries of `names`; null if they have none. */
      readonly names: readonly string[] | null;
      readonly value: number;
      readonly grad: Float64Array;
      readonly gradientMode: GradientMethod;
    }
  | { readonly type: 'grid'; readonly values: Float64Array }
  | {
      readonly type: 'replay';
      /** Of the records, which follow each other; fewer than wanted if the run ended or was stopped before. */
      readonly layout: StepLayout;
      readonly records: Float64Array;
      /** theta_0 of the coordinate. */
      readonly start: number;
    }
  /** null if the user stopped it. */
  | { readonly type: 'spike'; readonly replay: SpikeReplay | ReplayDiffers | null }
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  /** null if the user stopped it. */
  | { readonly type: 'analysis'; readonly report: Report | null }
  /** The results so far, after each tried fix: one list for each finding of the job. */
  | { readonly type: 'tried'; readonly fixes: VerifiedFixes; readonly ofVerdict: readonly Fix[] }
  /** The results at the end; incomplete if the user stopped the verification. */
  | ({ readonly type: 'verified' } & Verification);
