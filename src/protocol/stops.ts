/**
 * Where a run that is debugged stops, as its worker checks it after every step. Plain JSON, because it reaches the worker through
 * shared memory: a synchronous loop reads no messages.
 */
import type { DiagnosisCode } from '../core/diagnosis/catalogue';
import type { StepExpression } from '../core/expressions/expression';
import type { LogText } from '../core/expressions/logLine';

/** A stop at an evaluation of the loss, which each step makes. */
export interface Stop {
  /** Unique among the stops of a run. */
  readonly id: number;
  /** null: at every step. */
  readonly condition: StepExpression | null;
  /** Counts the steps at which the condition holds; null: it stops at each of them. */
  readonly hits: HitCount | null;
  /**
   * The number of such steps before this stop was sent. null: it is not known, because the run goes on. The run then stops after the
   * step at which it takes this stop, so that it can be counted.
   */
  readonly seen: number | null;
  /** Instead of stopping, this text is written. */
  readonly log: LogText | null;
}

export interface HitCount {
  readonly operator: '==' | '>=' | '>' | '<' | '<=' | '%';
  readonly count: number;
}

export interface Stops {
  readonly all: readonly Stop[];
  /** The run also stops when one of these is first found. */
  readonly codes: readonly DiagnosisCode[];
}

export interface StopHit {
  /** The last step that was made. */
  readonly t: number;
  /** Of the stops that were met; none, if stops are to be counted. */
  readonly ids: readonly number[];
  /** The ids of findings that are new. */
  readonly findings: readonly string[];
}

export interface LoggedLine {
  readonly t: number;
  /** Of the stop with the text. */
  readonly id: number;
  readonly text: string;
}

/** Whether the n-th hit stops. */
export function isCounted(hits: HitCount | null, n: number): boolean {
  if (hits === null) return true;
  const { operator, count } = hits;
  switch (operator) {
    case '==':
      return n === count;
    case '>=':
      return n >= count;
    case '>':
      return n > count;
    case '<':
      return n < count;
    case '<=':
      return n <= count;
    case '%':
      return n % count === 0;
    default:
      return operator satisfies never;
  }
}
