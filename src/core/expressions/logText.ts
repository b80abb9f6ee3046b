import { formatNumber } from '../numerics/format';
import { Checker } from './check';
import { evaluate } from './evaluate';
import type { ExpressionStep, ExpressionValue, StepExpression } from './expression';
import { parse } from './parse';
import { type ExpressionProblem, orProblem, ProblemFound } from './problem';
import type { StepNames } from './stepNames';

/** The text of a logpoint, as plain JSON: texts, and expressions whose values are written between them. */
export interface LogText {
  readonly parts: readonly (string | StepExpression)[];
}

/** Of several coordinates, a line shows this many values. */
const mostShown = 6;

/**
 * Compiles the text of a logpoint: `loss is {loss}, |g| {norm(grad)}`. A brace that is text has a backslash before it. The places of
 * problems are those in the text.
 */
export function compileLogText(
  text: string,
  names: StepNames,
): { readonly log: LogText } | { readonly problem: ExpressionProblem } {
  return orProblem(() => ({ log: { parts: partsOf(text, names) } }));
}

function partsOf(text: string, names: StepNames): (string | StepExpression)[] {
  const parts: (string | StepExpression)[] = [];
  let plain = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && /[{}]/.test(text[at + 1] ?? '')) plain += text[++at];
    else if (text[at] !== '{') plain += text[at];
    else {
      const end = text.indexOf('}', at);
      if (end < 0)
        throw new ProblemFound(
          { from: at, to: text.length },
          'The closing } is missing. Write \\{ for a brace that is text.',
        );
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(expressionAt(text.slice(at + 1, end), at + 1, names));
      at = end;
    }
  }
  if (plain !== '') parts.push(plain);
  return parts;
}

function expressionAt(text: string, offset: number, names: StepNames): StepExpression {
  const compiled = orProblem(() => new Checker(text, names).check(parse(text)));
  if (!('problem' in compiled)) return { type: compiled.type, node: compiled.node };
  const { from, to, message } = compiled.problem;
  throw new ProblemFound({ from: offset + from, to: offset + to }, message);
}

/** The line that a logpoint writes for a step. */
export function logLine({ parts }: LogText, step: ExpressionStep): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : shownValue(part, evaluate(part, step))))
    .join('');
}

/** A value as text: `0.05`, `true`, `[0.1, 0.2, 0.3]`. */
export function shownValue({ type }: Pick<StepExpression, 'type'>, value: ExpressionValue): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return formatNumber(value, 6);
  const shown = [...value.subarray(0, mostShown)].map((each) =>
    type === 'booleans' ? String(each !== 0) : formatNumber(each, 6),
  );
  return `[${shown.join(', ')}${value.length > mostShown ? `, … ${value.length} values` : ''}]`;
}
