/**
 * A loss as a user may write it, and what its gradient is. The tables are `*.case.ts` beside this file and export
 * `cases`; the users' files lie in folders of their own. Adding a case is adding a row, adding a table a file.
 */
export interface GradientCase {
  /** What is remarkable about the code; the name of the test. */
  readonly name: string;
  /** The user's file, from this folder. */
  readonly file: string;
  /** The name under which the file exports the loss. */
  readonly loss: string;
  readonly dim: number;
  /** The names that `@start` gives to the coordinates, for a loss whose declaration gives none. */
  readonly names?: readonly string[];
  /** Asked one after the other of one loaded program: what the module keeps between two calls is kept. */
  readonly points: readonly Point[];
  /** The loss cannot be differentiated: at the first point, and from then on, that must be said. */
  readonly refused?: Refusal;
  /** The expressions at which a note must say that a gradient ends there on purpose (integers, bits). */
  readonly noted?: readonly string[];
  /** Calls are no function of the point alone: differences say nothing at any point. */
  readonly stateful?: true;
}

/** What an evaluation must give; or, at `stale`, the place where it must fail. */
export interface Point {
  readonly at: readonly number[];
  readonly value: number;
  /** Of a refused loss: the true gradient, which differences approximate. */
  readonly gradient: readonly number[];
  /** Differences say nothing here: a kink, a tie, a jump, storage that rounds. */
  readonly rough?: true;
  /** The loss is called with; the rest is step 1, epoch 0, no indices, draws of 0.5. */
  readonly context?: Context;
  /**
   * A value kept from an earlier evaluation is used: an error there, and no gradient; `result` if no operation uses it and
   * it is the loss. The plain value stands.
   */
  readonly stale?: Place | 'result';
}

export interface Context {
  readonly step?: number;
  readonly epoch?: number;
  readonly indices?: readonly number[];
  /** What `random()` gives, over and over. */
  readonly draws?: readonly number[];
}

/** A piece of a user's file, found by its text. */
export interface Place {
  /** The exact text, from the first character of the expression to its last. */
  readonly expression: string;
  /** Which one, if the file has several of the same text; 1 is the first. */
  readonly occurrence?: number;
  /** Another file than the case's, from this folder. */
  readonly file?: string;
}

export interface Refusal extends Place {
  /** A word that the message must have, in any case: what stands in the way. */
  readonly why: string;
  /** An exact gradient does as well: the rewrite may know more than it must. A wrong one never does. */
  readonly orExact?: true;
}

/** Points whose value and gradient a formula gives, written without a look at the user's code. */
export function closedForm(
  formula: (...at: number[]) => readonly [value: number, gradient: readonly number[]],
  ...points: readonly (readonly number[])[]
): Point[] {
  return points.map((at) => {
    const [value, gradient] = formula(...at);
    return { at, value, gradient };
  });
}

/** The same where differences say nothing. */
export function rough(points: readonly Point[]): Point[] {
  return points.map((point) => ({ ...point, rough: true }));
}

/** Σ of `terms`. */
export function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term, 0);
}
