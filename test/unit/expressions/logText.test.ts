import { expect, it } from 'vitest';
import { logLine } from '../../../src/core/expressions/logLine';
import { compileLogText } from '../../../src/core/expressions/logText';
import { someNames, someStep } from '../../support/expressionSteps';

it.each([
  ['', ''],
  ['a step', 'a step'],
  ['loss is {loss}, |w| {norm(params["0.weight"])}', 'loss is 3, |w| 13.4536'],
  ['{loss}{best}', '31'],
  ['{ loss > 1 }: {1 / 3} {1 / 0} {rms}', 'true: 0.333333 ∞ NaN'],
  ['{params.w[0]} and {update}', '[3, 4, 5] and [-0.1, 0.2, 0, 0, 0, 0, … 10 values]'],
  ['{params.w[0] > 3}', '[false, true, true]'],
  ['a \\{brace\\} and } and \\n', 'a {brace} and } and \\n'],
])('the log text %j writes %j', (text, line) => {
  const compiled = compileLogText(text, someNames);
  if ('problem' in compiled) throw new Error(compiled.problem.message);
  expect(logLine(JSON.parse(JSON.stringify(compiled.log)), someStep())).toBe(line);
});

it.each([
  ['loss is {«los»}', /^This run has no los\. Did you mean loss\?/],
  ['{loss} and {norm(«loss»)} and {lr}', /^loss is one value\./],
  ['loss is «{loss»', 'The closing } is missing. Write \\{ for a brace that is text.'],
  ['loss is {«»}', 'Write an expression, such as loss > 1.'],
  ['loss is {loss«:».3f}', /^: is not expected here\./],
])('the log text %s is refused', (marked, message) => {
  const text = marked.replace(/[«»]/g, '');
  const compiled = compileLogText(text, someNames);
  if (!('problem' in compiled)) throw new Error('no problem');
  const { from, to } = compiled.problem;
  expect(`${text.slice(0, from)}«${text.slice(from, to)}»${text.slice(to)}`).toBe(marked);
  expect(compiled.problem.message).toMatch(message);
});
