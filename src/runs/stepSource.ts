import type { Finding } from '../core/diagnosis/finding';
import type { ExpectationResult } from '../core/expectation';
import type { DifferenceAccuracy } from '../core/gradient/differenceAccuracy';
import type { Keyframe } from '../core/keyframe';
import type { GradientMethod } from '../core/objective';
import type { StepLayout } from '../core/trace/layout';
import type { VectorSample } from '../core/trace/vectorSample';
import type { LossEnvironment } from '../loss/environment';
import type { LossProblem } from '../loss/problem';
import type { LoggedLine, StopHit, Stops } from '../protocol/stops';
import type { OutcomeMessage } from '../protocol/worker';
import type { TensorRow } from '../recordings/tensorHistory';
import type { PickedValues } from './pickedHistory';

/**
 * The source of the steps of a run: a running job or a stored run. All sources call their listener with the same events in the
 * same order, so the store, the panel and the command line work with any of them.
 */
export interface StepSource {
  /** Starts calling `listener`: `onOpened` or `onRecordingOpened` once, then the records, existing and new ones. Must be called once. */
  open(listener: StepListener): void;
  /** null if the steps can only be read. */
  readonly control: RunControl | null;
  /** Settles when there are no more events and the source has released its resources. Never rejects. */
  readonly ended: Promise<RunEnd>;
  /** Ends the source early; `ended` settles. */
  close(): void;
}

/** The actions of a user on a run in progress. */
export interface RunControl {
  pause(): void;
  resume(): void;
  /** Takes one step of a paused run. */
  step(): void;
  /** @param lr  greater than 0; used from the next step on */
  setLr(lr: number): void;
  /** Replaces the stops of a run that is debugged, while it is paused. */
  setStops(stops: Stops): void;
}

/** The facts about a run that are known before its first step. */
export interface OpenedRun {
  /** theta_0, shape [dim]. */
  readonly start: readonly number[];
  readonly layout: StepLayout;
  /** The names of the coordinates, as entries of `@names`; null or absent if there are none. */
  readonly names?: readonly string[] | null;
  /** The number of steps from one record to the next, beginning with the first step; 1 if absent. */
  readonly stride?: number;
  readonly gradientMode: GradientMethod;
  /** Whether each step has a loss of its own, without mini-batches; false if absent. */
  readonly isPerStep?: boolean;
  /** The loaded texts, so that the same ones can be loaded again: [absolute path, text]. */
  readonly texts: readonly (readonly [string, string])[];
}

/** The facts about the recording of a training that are known before its first step. Its steps follow no rule. */
export interface OpenedRecording {
  readonly layout: StepLayout;
  /** The texts of the script: [absolute path, text]. */
  readonly texts: readonly (readonly [string, string])[];
}

/**
 * How a run ended. With problems it could not continue; the outcome then contains the result so far, if it
 * had started.
 */
export interface RunEnd {
  readonly outcome: OutcomeMessage | null;
  readonly problems: readonly LossProblem[];
  /** The result of the config's expectation; null if it has none, or the run did not start. */
  readonly expectation: ExpectationResult | null;
  /** Whether the run was cut off, by a crash for example: nobody knows how it would have gone on. */
  readonly isInterrupted?: boolean;
  /** The number of steps of a training, which may have gone on after its last recorded one. */
  readonly steps?: number;
}

export interface StepListener {
  onOpened?(opened: OpenedRun): void;
  /** Called instead of `onOpened` by the source of a recording. */
  onRecordingOpened?(opened: OpenedRecording): void;
  /** Called for every step, in order. `data` is valid only during the call; the record at `offset` has the format of `layout`. */
  onRecord?(data: Float64Array, offset: number): void;
  /** After a batch of records. */
  onSteps?(): void;
  /** Called for samples of all coordinates, in order of their steps. */
  onSample?(sample: VectorSample): void;
  /** Called for what a recording contains of its tensors, after the record of the step. */
  onTensors?(row: TensorRow): void;
  /** Called for states of the run from which its steps can be made again, in order of their steps. */
  onKeyframe?(keyframe: Keyframe): void;
  /** Called for values of coordinates that were chosen after the run began, after the records of their steps. */
  onPicked?(picked: PickedValues): void;
  /** Called when the gradient method changes. The new method is used from the current step on. */
  onGradientMode?(mode: GradientMethod): void;
  /** Called if finite differences are less accurate than those of a loss in double precision. */
  onDifferenceAccuracy?(accuracy: DifferenceAccuracy): void;
  onEnvironment?(environment: LossEnvironment): void;
  /** Step t is the first one with this learning rate, which the user set. */
  onLrChange?(t: number, lr: number): void;
  onFindings?(findings: readonly Finding[]): void;
  /** The run has paused itself: called after the records up to that step. */
  onStopped?(hit: StopHit): void;
  /** The texts of logpoints. */
  onLogged?(lines: readonly LoggedLine[]): void;
  onConsole?(lines: readonly string[]): void;
  onWarning?(problem: LossProblem): void;
}
