/** A part of a text, in UTF-16 units: `from` is included, `to` is not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is wrong with an expression, where, and what to write instead. */
export interface ExpressionProblem extends Span {
  readonly message: string;
}

/** Ends the compilation at its first problem. Thrown and caught only inside this folder. */
export class ProblemFound extends Error {
  readonly problem: ExpressionProblem;

  constructor({ from, to }: Span, message: string) {
    super(message);
    this.problem = { message, from, to };
  }
}

/** The result of a compilation, or its first problem. */
export function orProblem<T extends object>(compile: () => T): T | { readonly problem: ExpressionProblem } {
  try {
    return compile();
  } catch (thrown) {
    if (thrown instanceof ProblemFound) return { problem: thrown.problem };
    throw thrown;
  }
}
