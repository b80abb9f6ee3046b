import { formatNumber } from '../numerics/format';
import { evaluate } from './evaluate';
import type { ExpressionStep, ExpressionValue, StepExpression } from './expression';

/** The text of a logpoint, as plain JSON: texts, and expressions whose values are written between them. */
export interface LogText {
  readonly parts: readonly (string | StepExpression)[];
}

/** Of several coordinates, a line shows this many values. */
const mostShown = 6;

/** The line that a logpoint writes for a step. */
export function logLine({ parts }: LogText, step: ExpressionStep): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : shownValue(part, evaluate(part, step))))
    .join('');
}

/** A value as text: `0.05`, `true`, `[0.1, 0.2, 0.3]`. */
function shownValue({ type }: Pick<StepExpression, 'type'>, value: ExpressionValue): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return formatNumber(value, 6);
  const shown = [...value.subarray(0, mostShown)].map((each) =>
    type === 'booleans' ? String(each !== 0) : formatNumber(each, 6),
  );
  return `[${shown.join(', ')}${value.length > mostShown ? `, … ${value.length} values` : ''}]`;
}
