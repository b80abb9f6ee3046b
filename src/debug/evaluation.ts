import { compileExpression } from '../core/expressions/compile';
import { evaluate } from '../core/expressions/evaluate';
import type { ExpressionValue, StepExpression } from '../core/expressions/expression';
import { located } from './breakpoints';
import { CannotDebug } from './debugHost';
import { isKnownAtStart } from './knownAtStart';
import type { RunCursor } from './runCursor';
import type { SetTarget, Variables } from './variables';

/** Evaluates what the user writes, at a place in a run. Its methods throw CannotDebug, which says what is wrong with the text. */
export class Evaluation {
  readonly #cursor: RunCursor;
  readonly #variables: Variables;

  constructor(cursor: RunCursor, variables: Variables) {
    this.#cursor = cursor;
    this.#variables = variables;
  }

  value(text: string): { readonly value: ExpressionValue; readonly expression: StepExpression } {
    const expression = this.#compiled(text);
    const { t, values } = this.#cursor;
    // The number that was set is not in the record of the step.
    if (this.#variables.targetOf(expression.node)?.kind === 'lr')
      return { value: this.#variables.lrNow, expression };
    if (t === 0 && !isKnownAtStart(expression.node))
      throw new CannotDebug('No step has been made yet: only params, lr and step have values.');
    return { value: evaluate(expression, values), expression };
  }

  /** A number, or the value of an expression that is one. */
  number(text: string): number {
    const isNumber = text.trim() !== '' && !Number.isNaN(Number(text));
    const value = isNumber ? Number(text) : this.value(text).value;
    if (typeof value !== 'number' || Number.isNaN(value)) throw new CannotDebug(`${text} is not a number.`);
    return value;
  }

  /** What an expression that is the name of one number sets. */
  targetOf(text: string): SetTarget | undefined {
    return this.#variables.targetOf(this.#compiled(text).node);
  }

  /** The name of a coordinate alone is that of its parameter. */
  #compiled(text: string): StepExpression {
    const { names, run } = this.#cursor;
    const compiled = compileExpression(text, names);
    if (!('problem' in compiled)) return compiled.expression;
    const [first, last] = run.coordinates.select(text) ?? [];
    if (first === undefined || first !== last) throw new CannotDebug(located(text, compiled.problem));
    return { type: 'number', node: { kind: 'coordinate', name: 'params', coordinate: first } };
  }
}
