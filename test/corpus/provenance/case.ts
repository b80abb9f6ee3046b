/** A loss with a NaN or an infinity, and the place of its origin. Tables and files are as in `gradients`. */
export interface ProvenanceCase {
  readonly name: string;
  /** The user's file, relative to this folder. */
  readonly file: string;
  readonly loss: string;
  readonly at: readonly number[];
  /** The value of the plain code, which is finite in a backward case. */
  readonly value: number;
  readonly pass: 'forward' | 'backward';
  /** The exact text of the innermost expression that is the origin. */
  readonly expression: string;
  /** Its number, if the same text occurs several times in the file; 1 is the first. */
  readonly occurrence?: number;
  /** Another file than that of the loss, relative to this folder. */
  readonly in?: string;
  /** The operands in their order. In a forward case their result is `made`. */
  readonly operands: readonly unknown[];
  /** Forward: the result of the expression. Backward: its derivative with respect to the operand that is the cause. */
  readonly made: number;
  /** Backward: the coordinates whose gradient is not finite. */
  readonly coordinates?: readonly number[];
}
