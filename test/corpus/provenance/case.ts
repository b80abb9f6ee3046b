/** A way to make a NaN or an infinity, and the place where it was made. Tables and files are as in `gradients`. */
export interface ProvenanceCase {
  readonly name: string;
  /** The user's file, from this folder. */
  readonly file: string;
  readonly loss: string;
  readonly at: readonly number[];
  /** Of the plain code. A backward case has a finite one. */
  readonly value: number;
  readonly pass: 'forward' | 'backward';
  /** The exact text of the innermost expression that made it. */
  readonly expression: string;
  /** Which one, if the file has several of the same text; 1 is the first. */
  readonly occurrence?: number;
  /** Another file than the loss's, from this folder. */
  readonly in?: string;
  /** The values that went in, in their order. For a forward case they make `made`. */
  readonly operands: readonly unknown[];
  /** Forward: what the expression gave. Backward: its derivative by the operand that spoils the gradient. */
  readonly made: number;
  /** Backward: coordinates whose gradient is not finite. */
  readonly coordinates?: readonly number[];
}
