import { Checker } from './check';
import type { StepExpression } from './expression';
import type { LogText } from './logLine';
import { parse } from './parse';
import { type ExpressionProblem, orProblem, ProblemFound } from './problem';
import type { StepNames } from './stepNames';

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
