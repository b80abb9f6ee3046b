import { Checker } from './check';
import type { StepExpression } from './expression';
import { parse } from './parse';
import { type ExpressionProblem, orProblem } from './problem';
import type { StepNames } from './stepNames';

export type Compiled = { readonly expression: StepExpression } | { readonly problem: ExpressionProblem };

/** Compiles an expression of any type, as a user watches it. */
export function compileExpression(text: string, names: StepNames): Compiled {
  return orProblem(() => {
    const { type, node } = new Checker(text, names).check(parse(text));
    return { expression: { type, node } };
  });
}

/** Compiles a condition: an expression that is true or false. */
export function compileCondition(text: string, names: StepNames): Compiled {
  return orProblem(() => ({
    expression: { type: 'boolean', node: new Checker(text, names).condition(parse(text)) },
  }));
}
