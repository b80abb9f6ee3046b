import { describe, expect, it } from 'vitest';
import { compileCondition, compileExpression } from '../../../src/core/expressions/compile';
import { someNames } from '../../support/expressionSteps';

const names =
  'Values of a step: step, loss, best, gradNorm, lr, stability, stabilityLimit, bound, rms. Of each coordinate: params, grad, update, snr, sum.';
const functions =
  'Functions: abs, sqrt, exp, log, log10, isnan, isfinite, min, max, sum, mean, norm, any, all, count, argmax.';
const coordinates = 'Coordinates: x, y, w[0..1][0..2], 0.weight[0..1].';
const impossible =
  'This is not possible in an expression. It may have numbers, names, operators and functions such as abs(…).';
const operators = 'Operators are + - * / % ** < <= > >= == != && || ! and ?:.';
const example = 'Write an expression such as loss > 2 * best.';

/** The problem of a text, marked in it. */
function problemOf(text: string, compile = compileExpression) {
  const result = compile(text, someNames);
  if (!('problem' in result)) return null;
  const { from, to, message } = result.problem;
  return { marked: `${text.slice(0, from)}«${text.slice(from, to)}»${text.slice(to)}`, message };
}

describe('an expression is refused at', () => {
  it.each<[string, string]>([
    ['«»', 'Write an expression, such as loss > 1.'],
    ['«  »', 'Write an expression, such as loss > 1.'],
    ['«los» > 1', `This run has no los. Did you mean loss? ${names}`],
    ['loss > 1 «and» lr < 2', 'Write && instead of and.'],
    ['loss > 1 «or» lr < 2', 'Write || instead of or.'],
    ['«not» loss', 'Write ! instead of not.'],
    ['«not» (loss > 1)', 'Write ! instead of not.'],
    ['(loss > 1) «and» lr', 'Write && instead of and.'],
    ['«loss = 1»', 'An expression changes nothing. Write == to compare.'],
    ['«loss += 1»', 'An expression changes nothing. Write a comparison, such as loss > 1.'],
    ['«loss++»', 'An expression changes nothing. Write - -x, or x + 1.'],
    ['«--loss»', 'An expression changes nothing. Write - -x, or x + 1.'],
    ['-«loss» ** 2', 'It is not clear whether - or ** comes first. Write -(x ** 2) or (-x) ** 2.'],
    ['«loss ^ 2»', 'An expression has no ^. Write ** for a power.'],
    ['«loss > 1 & lr > 1»', 'An expression has no &. Write && for "and".'],
    ['«loss > 1 | lr»', 'An expression has no |. Write || for "or".'],
    ['«loss ?? 1»', 'An expression has no ??. Write || for "or", or isnan(…) to ask for a missing value.'],
    ['loss >«»', 'The expression is not complete: something is missing at its end.'],
    ['(loss«»', 'The expression is not complete: something is missing at its end.'],
    ['loss«)»', `) is not expected here. ${example}`],
    ['loss «$» 2', `$ is not expected here. ${example}`],
    ['«1e999»', 'This number is too large.'],
    ['«10n»', impossible],
    ['loss «and»', 'Write && instead of and.'],
    ['loss > -«gradNorm» ** 2', 'It is not clear whether - or ** comes first. Write -(x ** 2) or (-x) ** 2.'],
    ['update«.0.weight»', 'Write ["0.weight"] for a name that begins with a digit.'],
    ['update.w[0][0.«.»3]', 'Write a range of coordinates as a text: params["w[0..3]"].'],
    ['update.w[0 .«.» 3]', 'Write a range of coordinates as a text: params["w[0..3]"].'],
    ['1 «2»', `2 is not expected here. ${example}`],
    ['«"abc»', 'The closing quotation mark is missing.'],
    ['«"abc"»', 'A text is only a name in brackets, such as update["0.weight"].'],
    ['«`a`»', impossible],
    ['loss > 1«;»', `; is not expected here. ${example}`],
    ['«loss, lr»', 'Write one expression, without a comma.'],
    ['«a?.b»', impossible],
    ['update[ «]»', `] is not expected here. ${example}`],
    ['sum(«...grad»)', impossible],
    ['«/a/»', impossible],
    ['«true»', 'Write a comparison, such as loss > 1.'],
    ['7 «// 2»', 'An expression has no comments, and // does not divide: write / for a division.'],
    ['loss «/* c */»', 'An expression has no comments, and // does not divide: write / for a division.'],
    ['«Math.abs»(loss)', 'Write abs(…).'],
    ['«np.any»(update > 1)', 'Write any(…).'],
    ['«f»(1)', `There is no function f. ${functions}`],
    ['«absolute»(loss)', `There is no function absolute. ${functions}`],
    ['«abs»', 'abs is a function: write abs(…).'],
    ['«abs».x', 'abs is a function: write abs(…).'],
    ['loss«.x»', 'loss is one number for each step: it has no coordinates.'],
    ['loss«[0]»', 'loss is one number for each step: it has no coordinates.'],
    ['update«.z»', `There is no coordinate z. Did you mean x? ${coordinates}`],
    ['update«.w[2]»', `There is no coordinate w[2]. ${coordinates}`],
    ['update«.w[0][3]»', `There is no coordinate w[0][3]. ${coordinates}`],
    ['update«.w.x»', `There is no coordinate w.x. ${coordinates}`],
    ['update«.W»', `There is no coordinate W. Did you mean w? ${coordinates}`],
    ['update[«10»]', 'The index of a coordinate is a whole number from 0 to 9.'],
    ['update[«-1»]', 'The index of a coordinate is a whole number from 0 to 9.'],
    ['update[«1.5»]', 'The index of a coordinate is a whole number from 0 to 9.'],
    [
      'update«[0][1]»',
      'One index selects one coordinate, which has no parts. Write the name before the indices, such as params.w[3][1].',
    ],
    ['update.w[«loss»]', 'An index after a name is a whole number from 0 on.'],
    ['update«["w[0..5]"]»', `There is no coordinate w[0..5]. ${coordinates}`],
    ['«x» > 1', 'x is a name of coordinates. Write which quantity: params.x, grad.x, update.x.'],
    ['«w»[0] > 1', 'w is a name of coordinates. Write which quantity: params.w, grad.w, update.w.'],
    ['«w» > 1', 'w is a name of coordinates. Write which quantity: params.w, grad.w, update.w.'],
    ['«mHat» > 1', `This run has no mHat. ${names}`],
    ['«stabilty» > 1', `This run has no stabilty. Did you mean stability? ${names}`],
    [
      '«actualChange» > 0',
      'actualChange is known only after the next step, so a condition cannot have it. Watch it instead.',
    ],
    ['«NaN» == loss', 'No number equals NaN: write isnan(loss).'],
    ['loss < «Infinity»', 'Write !isfinite(loss) for a number that is infinite or NaN.'],
    ['«1 < loss < 2»', 'Write two comparisons: 1 < loss && loss < 2.'],
    ['«loss > 1 > lr»', 'Write two comparisons: loss > 1 && 1 > lr.'],
    [
      '(«loss > 1») + 1',
      'loss > 1 is true or false, and + takes numbers. Write (loss > 1 ? 1 : 0) for a number.',
    ],
    [
      '(«grad > 1») * 2',
      'grad > 1 is true or false, and * takes numbers. Write count(grad > 1) for how often it is true.',
    ],
    ['!«loss»', 'loss is a number, and a condition is true or false. Compare it: loss > 1.'],
    ['!«grad»', 'grad has 10 numbers: write any(abs(grad) > lr), or a coordinate such as grad.x.'],
    ['«loss» && lr', 'loss is a number, and a condition is true or false. Compare it: loss > 1.'],
    [
      '«update.w[0] + grad["0.weight"]»',
      '+ takes equally many numbers, or one: update.w[0] has 3, and grad["0.weight"] has 2.',
    ],
    ['sum(«loss»)', 'loss is one value. sum takes those of several coordinates, such as sum(grad).'],
    [
      'any(«loss > 1»)',
      'loss > 1 is one value. any takes those of several coordinates, such as any(abs(update) > lr).',
    ],
    ['any(«grad»)', 'any takes a comparison, and grad has 10 numbers. Write any(abs(grad) > 1).'],
    ['count(«grad»)', 'count takes a comparison, and grad has 10 numbers. Write count(abs(grad) > 1).'],
    [
      'sum(«grad > 1»)',
      'grad > 1 is true or false, and sum takes numbers. Write count(grad > 1) for how often it is true.',
    ],
    [
      'norm(«grad > 1»)',
      'grad > 1 is true or false, and norm takes numbers. Write count(grad > 1) for how often it is true.',
    ],
    ['argmax(«params.w[0] + params.w[1]»)', 'argmax takes numbers of the same coordinates.'],
    [
      'argmax(«grad > 1»)',
      'grad > 1 is true or false, and argmax takes numbers. Write count(grad > 1) for how often it is true.',
    ],
    ['«abs()»', 'abs takes one value, such as abs(grad).'],
    ['abs(1, «2»)', 'abs takes one value, such as abs(grad).'],
    ['«min()»', 'min takes one value or more, such as min(grad).'],
    ['«max()»', 'max takes one value or more, such as max(abs(update)).'],
    ['«any()»', 'any takes one value, such as any(abs(update) > lr).'],
    [
      'abs(«loss > 1»)',
      'loss > 1 is true or false, and abs takes numbers. Write (loss > 1 ? 1 : 0) for a number.',
    ],
    [
      'loss > 1 ? «1 : grad»',
      'Both results of ?: must be of one kind: 1 is a number, and grad is 10 numbers.',
    ],
    [
      'loss > 1 ? «1 : loss > 2»',
      'Both results of ?: must be of one kind: 1 is a number, and loss > 2 is true or false.',
    ],
    ['«loss» ? 1 : 2', 'loss is a number, and a condition is true or false. Compare it: loss > 1.'],
    [
      '«grad > 1» ? 1 : 2',
      'grad > 1 is true or false for each of 10 coordinates: write any(grad > 1) or all(grad > 1).',
    ],
    ['«typeof loss»', `An expression has no typeof. ${operators}`],
    ['«~loss»', `An expression has no ~. ${operators}`],
    ['«void 0»', `An expression has no void. ${operators}`],
    ['«loss in grad»', `An expression has no in. ${operators}`],
    ['«new Foo»', impossible],
    ['«x => x»', impossible],
    ['«{}»', impossible],
    ['«[1]»', impossible],
    ['(«1»).x', 'Only a quantity has coordinates, such as update.x or update[3].'],
    [
      'loss > 1 && «update»',
      'update has 10 numbers: write any(abs(update) > lr), or a coordinate such as update.x.',
    ],
    [
      'update[«loss > 1»]',
      'loss > 1 is true or false, and an index takes numbers. Write (loss > 1 ? 1 : 0) for a number.',
    ],
    ['update[«grad»]', 'grad has 10 numbers, and an index is one, such as argmax(grad).'],
    ['«this»', impossible],
    ['«constructor»', `This run has no constructor. ${names}`],
    ['«__proto__»', `This run has no __proto__. ${names}`],
    ['«toString»', `This run has no toString. ${names}`],
    ['«toString»(1)', `There is no function toString. ${functions}`],
    ['«hasOwnProperty»(1)', `There is no function hasOwnProperty. ${functions}`],
    ['update«.constructor»', `There is no coordinate constructor. ${coordinates}`],
    ['update«.__proto__»', `There is no coordinate __proto__. ${coordinates}`],
    ['loss > 2«x»', `x is not expected here. ${example}`],
    ['loss «2» best', `2 is not expected here. ${example}`],
    ['«if» (loss > 1)', `if is not expected here. ${example}`],
    ['loss «≥» 2', 'Write >= instead of ≥.'],
    ['(loss «≠» 2)', 'Write != instead of ≠.'],
    ['loss «is» nan', `is is not expected here. ${example}`],
    ['x «is» not 3', `is is not expected here. ${example}`],
    ['«import»("a")', 'Only a function such as abs(…) can be called.'],
    ['«a.b»()', 'Only a function such as abs(…) can be called.'],
    ['«"\\u{1F600}"»', 'A text is only a name in brackets, such as update["0.weight"].'],
    ['«😀»', `😀 is not expected here. ${example}`],
    ['loss «😀»', `😀 is not expected here. ${example}`],
    ['update«["q"]»', `There is no coordinate q. Did you mean x? ${coordinates}`],
  ])('%s: %s', (marked, message) => {
    expect(problemOf(marked.replace(/[«»]/g, ''))).toEqual({ marked, message });
  });

  it('its 1001st character', () => {
    expect(problemOf(`${'1'.repeat(1000)}+1`)).toEqual({
      marked: `${'1'.repeat(1000)}«+1»`,
      message: 'An expression has at most 1000 characters.',
    });
    expect(problemOf(`${'1+'.repeat(499)}10`)).toBeNull();
  });

  it('its 101st bracket inside each other', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}1${')'.repeat(depth)}`;
    expect(problemOf(nested(100))).toBeNull();
    expect(problemOf(nested(101))).toEqual({
      marked: `${'('.repeat(100)}«(»1${')'.repeat(101)}`,
      message: 'Brackets are nested more than 100 deep.',
    });
  });
});

describe('a condition is refused at', () => {
  it.each<[string, string]>([
    ['«loss»', 'loss is a number, and a condition is true or false. Compare it: loss > 1.'],
    ['«update»', 'update has 10 numbers: write any(abs(update) > lr), or a coordinate such as update.x.'],
    [
      '«params.w»',
      'params.w has 6 numbers: write any(abs(params.w) > lr), or a coordinate such as params.w[0][0].',
    ],
    [
      '«abs(update) > lr»',
      'abs(update) > lr is true or false for each of 10 coordinates: write any(abs(update) > lr) or all(abs(update) > lr).',
    ],
    [
      '«grad["0.weight"] > 1»',
      'grad["0.weight"] > 1 is true or false for each of 2 coordinates: write any(grad["0.weight"] > 1) or all(grad["0.weight"] > 1).',
    ],
    [
      '«argmax(grad)»',
      'argmax(grad) is a number, and a condition is true or false. Compare it: argmax(grad) > 1.',
    ],
    [
      '«isnan(grad)»',
      'isnan(grad) is true or false for each of 10 coordinates: write any(isnan(grad)) or all(isnan(grad)).',
    ],
    [
      '«snr < 0.01»',
      'snr < 0.01 is true or false for each of 10 coordinates: write any(snr < 0.01) or all(snr < 0.01).',
    ],
    ['«1»', '1 is a number, and a condition is true or false. Compare it: 1 > 1.'],
    ['«update.x»', 'update.x is a number, and a condition is true or false. Compare it: update.x > 1.'],
  ])('%s: %s', (marked, message) => {
    expect(problemOf(marked.replace(/[«»]/g, ''), compileCondition)).toEqual({ marked, message });
  });
});

describe('a run that records some of its coordinates', () => {
  const some = { ...someNames, recorded: [0, 4, 9] };

  it('refuses the others, and names one that it records', () => {
    expect(compileExpression('update.w[0][0]', some)).toEqual({
      problem: {
        from: 0,
        to: 14,
        message:
          'The run records 3 of its 10 coordinates, and this is none of them. One of them is update.w[0][2].',
      },
    });
  });

  it('counts those that it records', () => {
    expect(compileExpression('update.w + update', some)).toMatchObject({
      problem: { message: '+ takes equally many numbers, or one: update.w has 1, and update has 3.' },
    });
    expect(compileExpression('update', some)).toMatchObject({ expression: { type: 'numbers' } });
  });
});
