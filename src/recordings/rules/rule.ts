import type { FindingReport } from '../../core/diagnosis/finding';
import type { Recording } from '../recording';
import type { TensorRow } from '../tensorHistory';

/** What rules read of a recorded step. NaN where it is not recorded, except the loss. */
export interface RecordedStep {
  readonly t: number;
  /** The loss that `backward` was called on, before the step; null if there was none. */
  readonly loss: number | null;
  /** Of the gradient that the optimizer received, after clipping. */
  readonly gradNorm: number;
  /** The norm after clipping, relative to that before. */
  readonly clipFactor: number;
  /** The learning rate of each group. */
  readonly groupLr: readonly number[];
  /** NaN without a gradient scaler, which skips steps whose gradient overflowed. */
  readonly lossScale: number;
  /** null if the step has none. */
  readonly tensors: TensorRow | null;
}

/** What a rule says of a training; the rest of the finding is the same for all. */
export interface RecordedReport
  extends Pick<FindingReport, 'code' | 'severity' | 'headline' | 'detail' | 'advice' | 'steps' | 'evidence'> {
  /** Indices of the tensors concerned; empty if it concerns the whole training. */
  readonly tensors: readonly number[];
}

/**
 * Recognizes a problem from the rows of a recording. Steps between two rows, evaluations of the loss and most coordinates are not
 * known to it, so it says no more than the rows show.
 */
export interface RecordingRule {
  take(step: RecordedStep): void;
  /** The finding as of the last row; null if there is none. */
  readonly report: RecordedReport | null;
}

export type RecordingRuleClass = new (recording: Recording) => RecordingRule;
