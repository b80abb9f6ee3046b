import type { RunConfigPatch } from '../config/runConfig';
import type { SourceEdit } from '../sourceEdit';
import type { SourceLocation } from '../sourceLocation';
import type { StopReason } from '../stopping';
import type { DiagnosisCode } from './catalogue';
import type { Severity } from './severity';

/** The result of a run with a configuration; a verified fix has one before and one after. */
export interface FixOutcome {
  readonly loss: number;
  readonly bestLoss: number;
  readonly steps: number;
  readonly stopped: StopReason;
}

interface FixBase {
  /** Unique within its finding, and the same before and after it has been tried: see `fixId`. */
  readonly id: string;
  /** What it changes, short enough for a button: "lr 0.001". A verified fix adds its outcome. */
  readonly title: string;
  readonly verified: { readonly before: FixOutcome; readonly after: FixOutcome } | null;
  /** The parts of the title of a verified fix. */
  readonly words?: FixWords;
}

/** Changes the configuration. */
export interface ConfigFix extends FixBase {
  readonly patch: RunConfigPatch;
  readonly edit?: never;
}

/** Changes the source; the configuration stays the same. */
export interface SourceFix extends FixBase {
  readonly edit: SourceEdit;
  readonly patch?: never;
}

export type Fix = ConfigFix | SourceFix;

/** "lr 0.02: reaches loss 3.1e-9 in 412 steps; now: diverges at step 12" */
export interface FixWords {
  /** "lr 0.02" */
  readonly label: string;
  /**
   * What is reached: "loss", "validation loss", or, where the loss differs from step to step, "expected loss" or "mean loss (last 48
   * steps)".
   */
  readonly loss: string;
  /** The loss at the end of the run, and the number of its steps: "3.1e-9", 412. */
  readonly reached: string;
  readonly t: number;
  /** What the current configuration leads to: "diverges at step 12". */
  readonly now: string;
  /** What the trial does not show, or what it rests on: "later steps not tried". */
  readonly limit?: string;
}

/** The part of the source that a finding is about; its location is added by code that knows the source. */
export type Subject =
  /** An option of the configuration, by its path: ['optimizer', 'lr']. */
  | { readonly kind: 'option'; readonly path: readonly string[] }
  /** A coordinate, as the loss's parameter names it. */
  | { readonly kind: 'parameter'; readonly index: number };

/** The result of an operation. */
export type ResultName = 'sum' | 'product' | 'quotient' | 'power' | 'exponential' | 'result';

/** How an operation made NaN or infinity out of finite inputs. */
export type NonFiniteCause =
  | {
      readonly kind: 'logarithm-of-0' | 'division-by-0';
      /** What underflowed to that 0; null where the 0 is no underflow, or that is not known. */
      readonly underflow: ResultName | null;
    }
  | { readonly kind: 'overflow'; readonly of: ResultName };

/** The operation of the loss that a finding comes from. */
export type Origin =
  | {
      /**
       * non-finite-value: it made NaN or infinity out of finite inputs.
       * non-finite-derivative: its value is finite, but its derivative at these inputs is not.
       */
      readonly kind: 'non-finite-value' | 'non-finite-derivative';
      readonly location: SourceLocation;
      /** The source text of the expression. */
      readonly expression: string;
      readonly inputs: readonly (number | string)[];
      readonly result: number;
      /** Absent where it is not known. */
      readonly cause?: NonFiniteCause;
    }
  | {
      /** It converts its input to an integer, so its derivative is 0 at all parameters. */
      readonly kind: 'cut-derivative';
      readonly location: SourceLocation;
      readonly expression: string;
    }
  | {
      /** Its value depends on parameters, but has no derivative with respect to them: `detach()`. */
      readonly kind: 'lost-derivative';
      readonly location: SourceLocation;
      readonly expression: string;
    }
  | {
      /** Its value is at its asymptote, where its derivative is nearly 0. */
      readonly kind: 'saturated';
      readonly location: SourceLocation;
      readonly expression: string;
    }
  | DatumOrigin;

/**
 * A value of the data because of which the loss is not finite: it is no finite number, or a number at which the loss divides by 0 or leaves a
 * domain at any parameters.
 */
export interface DatumOrigin {
  readonly kind: 'non-finite-datum';
  /** The expression that computed it at load, else the one where it enters the computation, else its variable. */
  readonly location: SourceLocation;
  readonly expression: string;
  readonly role: 'made-by' | 'enters-in' | 'variable';
  /** The inputs of the expression that computed it; else empty. */
  readonly inputs: readonly (number | string)[];
  /** As the source would name it: `rows[17].price`. */
  readonly datum: string;
  /** The place of its variable. */
  readonly variable: SourceLocation;
  /** What it is, in words: "NaN", "null", "missing", "0". */
  readonly value: string;
  /** The number of further such values on which the loss depends. */
  readonly others: number;
  /** Whether all of them were counted; otherwise there are at least that many. */
  readonly isCounted: boolean;
  /** The sample of the mini-batch that contains it; null without mini-batches. */
  readonly sample: number | null;
}

export interface Finding {
  /**
   * Unique within its run, assigned when a rule first reports the finding: "divergence-1" is the first
   * divergence. It does not change when the report is updated, the location is filled in or the fixes are
   * verified.
   */
  readonly id: string;
  readonly code: DiagnosisCode;
  readonly severity: Severity;
  /** The symptom: one sentence of at most 90 characters, with its full stop. */
  readonly headline: string;
  /** Evidence and cause: at most three sentences. */
  readonly detail: string;
  /** What to change, in imperatives, or "Nothing to do." */
  readonly advice: string;
  /** First and last step (1-based, inclusive). */
  readonly steps: readonly [number, number];
  /** Indices of the coordinates concerned; empty when it concerns the whole run. */
  readonly coordinates: readonly number[];
  readonly evidence: Readonly<Record<string, number | string>>;
  /** null if the finding is about the loss as a whole. */
  readonly subject: Subject | null;
  /** The operation of the loss that caused it; null if it is not known. */
  readonly origin: Origin | null;
  /** The place in the source; null until code that knows the source sets it. */
  readonly location: SourceLocation | null;
  readonly fixes: readonly Fix[];
}

/** Headline and detail in one text, for readers that show only one. */
export function messageOf({ headline, detail }: Pick<Finding, 'headline' | 'detail'>): string {
  return `${headline} ${detail}`;
}

/**
 * The report of a rule. The board assigns the id; other components add the origin and the location in the
 * source.
 */
export type FindingReport = Omit<Finding, 'id' | 'origin' | 'location'>;
