import { formatNumber } from '../numerics/format';
import type { Origin } from './finding';

const expressionAtMost = 60;

/** One sentence: "`Math.log(x)` with input −1 is NaN." */
export function originSentence(origin: Origin): string {
  const expression = `\`${shortened(origin.expression)}\``;
  if (origin.kind === 'cut-derivative') return `${expression} changes in jumps, so its derivative is 0.`;
  if (origin.kind === 'saturated')
    return `${expression} is at its asymptote, where its derivative is nearly 0.`;
  const inputs = origin.inputs.map((input) => (typeof input === 'number' ? formatNumber(input, 4) : input));
  const at = `${expression} with ${inputs.length === 1 ? 'input' : 'inputs'} ${inputs.join(' and ')}`;
  const result = formatNumber(origin.result, 4);
  return origin.kind === 'non-finite-value'
    ? `${at} is ${result}.`
    : `${at} has a derivative of ${result}, although its value is finite.`;
}

/** The expression on one line, shortened if it is long. */
function shortened(expression: string): string {
  const line = expression.replace(/\s+/g, ' ');
  return line.length <= expressionAtMost ? line : `${line.slice(0, expressionAtMost - 1)}…`;
}
