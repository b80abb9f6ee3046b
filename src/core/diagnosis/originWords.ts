import { formatNumber } from '../numerics/format';
import type { DatumOrigin, Origin } from './finding';

const expressionAtMost = 60;

/** One sentence: "`Math.log(x)` with input −1 is NaN." */
export function originSentence(origin: Origin): string {
  const expression = `\`${shortened(origin.expression)}\``;
  if (origin.kind === 'cut-derivative') return `${expression} changes in jumps, so its derivative is 0.`;
  if (origin.kind === 'saturated')
    return `${expression} is at its asymptote, where its derivative is nearly 0.`;
  if (origin.kind === 'lost-derivative')
    return `${expression} depends on the parameters, but passes no derivative on.`;
  if (origin.kind === 'non-finite-datum') return datumSentence(origin, expression);
  const at = `${expression}${withInputs(origin.inputs)}`;
  const result = formatNumber(origin.result, 4);
  return origin.kind === 'non-finite-value'
    ? `${at} is ${result}.`
    : `${at} has a derivative of ${result}, although its value is finite.`;
}

function datumSentence({ role, datum, value, inputs }: DatumOrigin, expression: string): string {
  switch (role) {
    case 'made-by':
      return `\`${datum}\` was computed when the module was loaded: ${expression}${withInputs(inputs)} is ${value}.`;
    case 'enters-in':
      return `\`${datum}\` enters the computation in ${expression}.`;
    case 'variable':
      return `\`${datum}\` is ${value}.`;
  }
}

/** " with inputs 1 and 0" */
function withInputs(inputs: readonly (number | string)[]): string {
  const shown = inputs.map((input) => (typeof input === 'number' ? formatNumber(input, 4) : input));
  return ` with ${shown.length === 1 ? 'input' : 'inputs'} ${shown.join(' and ')}`;
}

/** The expression on one line, shortened if it is long. */
function shortened(expression: string): string {
  const line = expression.replace(/\s+/g, ' ');
  return line.length <= expressionAtMost ? line : `${line.slice(0, expressionAtMost - 1)}…`;
}
