/**
 * A loss as a user may write it, and its gradient. The tables are `*.case.ts` beside this file and export
 * `cases`; the users' files are in separate folders. A new case is a new row, and a new table is a new file.
 */
export interface GradientCase {
  /** The special property of the code, which is the name of the test. */
  readonly name: string;
  /** The user's file, relative to this folder. */
  readonly file: string;
  /** The name under which the file exports the loss. */
  readonly loss: string;
  readonly dim: number;
  /** The names that `@start` gives to the coordinates, for a loss whose declaration gives none. */
  readonly names?: readonly string[];
  /** Asked one after the other of one loaded program: what the module keeps between two calls is kept. */
  readonly points: readonly Point[];
  /** The loss cannot be differentiated. This must be reported at the first point and at all later ones. */
  readonly refused?: Refusal;
  /** The expressions at which a note must report that the derivative ends there on purpose (integers, bits). */
  readonly noted?: readonly string[];
  /** The result depends on more than the point, so differences cannot be compared at any point. */
  readonly stateful?: true;
}

/** The expected result of an evaluation; or, with `stale`, the place where it must fail. */
export interface Point {
  readonly at: readonly number[];
  readonly value: number;
  /** For a refused loss, the true gradient, which differences approximate. */
  readonly gradient: readonly number[];
  /** Differences cannot be compared here: at a kink, a tie, a jump, or with storage that rounds. */
  readonly rough?: true;
  /** The second argument of the loss. Defaults: step 1, epoch 0, no indices, random numbers of 0.5. */
  readonly context?: Context;
  /**
   * The loss uses a value of an earlier evaluation: an error at this place, and no gradient. `result`
   * if no operation uses the value and it is returned as the loss. The plain value is still valid.
   */
  readonly stale?: Place | 'result';
}

export interface Context {
  readonly step?: number;
  readonly epoch?: number;
  readonly indices?: readonly number[];
  /** The values of `random()`, repeated. */
  readonly draws?: readonly number[];
}

/** A part of a user's file, identified by its text. */
export interface Place {
  /** The exact text, from the first character of the expression to its last. */
  readonly expression: string;
  /** Its number, if the same text occurs several times in the file; 1 is the first. */
  readonly occurrence?: number;
  /** Another file than that of the case, relative to this folder. */
  readonly file?: string;
}

export interface Refusal extends Place {
  /** A word that the message must contain, in upper or lower case: the obstacle. */
  readonly why: string;
  /** An exact gradient is accepted too, because the rewrite may support more than required. A wrong one is not. */
  readonly orExact?: true;
}

/** Points with the value and gradient of a formula, which was written without using the user's code. */
export function closedForm(
  formula: (...at: number[]) => readonly [value: number, gradient: readonly number[]],
  ...points: readonly (readonly number[])[]
): Point[] {
  return points.map((at) => {
    const [value, gradient] = formula(...at);
    return { at, value, gradient };
  });
}

/** Marks points at which finite differences cannot check the gradient. */
export function rough(points: readonly Point[]): Point[] {
  return points.map((point) => ({ ...point, rough: true }));
}

/** The sum of `terms`. */
export function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term, 0);
}
