import type { Finding } from '../core/diagnosis/finding';
import type { ExpectationResult } from '../core/expectation';
import type { GradientMethod } from '../core/objective';
import type { StepLayout } from '../core/trace/layout';
import type { LossProblem } from '../loss/problem';
import type { OutcomeMessage } from '../protocol/worker';

/**
 * Where the steps of a run come from: a job under way or a stored run. A source tells its listener the same things in the
 * same order, whatever it is, so that the store, the panel and the command line need not know which one they read.
 */
export interface StepSource {
  /** Begins to tell `listener` what there is and what comes: `onOpened` once, then the records. To be called once. */
  open(listener: StepListener): void;
  /** null where the steps can only be read. */
  readonly control: RunControl | null;
  /** Settles when nothing more comes and what the source held is released. Never rejects. */
  readonly ended: Promise<RunEnd>;
  /** Ends the source early; `ended` settles. */
  close(): void;
}

/** What a user can do to a run under way. */
export interface RunControl {
  pause(): void;
  resume(): void;
  /** Takes one step of a paused run. */
  step(): void;
  /** @param lr  greater than 0; used from the next step on */
  setLr(lr: number): void;
}

/** What is known before the first step. */
export interface OpenedRun {
  /** theta_0, shape [dim]. */
  readonly start: readonly number[];
  readonly layout: StepLayout;
  /** Every how many steps there is a record, the first step's included; 1 if absent. */
  readonly stride?: number;
  readonly gradientMode: GradientMethod;
  /** The texts that were loaded, to load the same again: [absolute path, text]. */
  readonly texts: readonly (readonly [string, string])[];
}

/** How a run ended. With problems it could not go on; then the outcome tells how far it came, if it began. */
export interface RunEnd {
  readonly outcome: OutcomeMessage | null;
  readonly problems: readonly LossProblem[];
  /** The result of the config's expectation; null if it has none, or the run did not begin. */
  readonly expectation: ExpectationResult | null;
}

export interface StepListener {
  onOpened?(opened: OpenedRun): void;
  /** Every step, in order. `data` is valid only during the call; a record begins at `offset` and is laid out as `layout` says. */
  onRecord?(data: Float64Array, offset: number): void;
  /** After a batch of records. */
  onSteps?(): void;
  /** The gradient is computed by another method from here on. */
  onGradientMode?(mode: GradientMethod): void;
  onFindings?(findings: readonly Finding[]): void;
  onConsole?(lines: readonly string[]): void;
  onWarning?(problem: LossProblem): void;
}
