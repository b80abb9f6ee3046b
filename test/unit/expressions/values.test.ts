import { describe, expect, it } from 'vitest';
import { compileCondition, compileExpression } from '../../../src/core/expressions/compile';
import { evaluate } from '../../../src/core/expressions/evaluate';
import type { ExpressionValue } from '../../../src/core/expressions/expression';
import { someNames, someStep } from '../../support/expressionSteps';

function compiled(text: string, compile = compileExpression) {
  const result = compile(text, someNames);
  if ('problem' in result) throw new Error(`${text}: ${result.problem.message}`);
  // As it arrives in another thread.
  return JSON.parse(JSON.stringify(result.expression)) as typeof result.expression;
}

function valueIn(text: string): ExpressionValue | number[] {
  const value = evaluate(compiled(text), someStep());
  return value instanceof Float64Array ? [...value] : value;
}

describe('the value of', () => {
  it.each<[string, ExpressionValue | number[]]>([
    ['2', 2],
    ['1.5e-3', 0.0015],
    ['loss', 3],
    ['step', 7],
    ['t', 7],
    ['limit', 38],
    ['-loss', -3],
    ['+loss', 3],
    ['- -loss', 3],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['7 / 2', 3.5],
    ['step % 5', 2],
    ['2 ** 3 ** 2', 512],
    ['(-2) ** 2', 4],
    ['loss > 2 * best', true],
    ['loss < 2 * best', false],
    ['loss >= 3', true],
    ['loss <= 3', true],
    ['loss > 3', false],
    ['loss < 3', false],
    ['loss == 3', true],
    ['loss === 3', true],
    ['loss != 3', false],
    ['loss !== 3', false],
    ['stability > limit', true],
    ['!(loss > 1)', false],
    ['loss > 1 && lr > 1', false],
    ['loss > 1 && lr > 0', true],
    ['loss > 9 || lr > 1', false],
    ['loss > 9 || lr > 0', true],
    ['loss > 1 ? 10 : 20', 10],
    ['loss > 9 ? 10 : 20', 20],
    ['loss > 9 ? params.w[0] : params.w[1]', [6, 7, 8]],
    ['abs(-3)', 3],
    ['sqrt(16)', 4],
    ['exp(0)', 1],
    ['log(1)', 0],
    ['log10(1000)', 3],
    ['min(loss, 2)', 2],
    ['max(loss, 2, 9)', 9],
    ['isnan(rms)', true],
    ['isnan(loss)', false],
    ['isfinite(rms)', false],
    ['isfinite(1 / 0)', false],
    ['isfinite(loss)', true],
    ['rms > 1', false],
    ['rms <= 1', false],
    ['rms != rms', true],
    ['update.x', -0.1],
    ['update[1]', 0.2],
    ['update["y"]', 0.2],
    ['abs(update.y) > bound', true],
    ['abs(update.x) > lr', false],
    ['params.w[0][2]', 5],
    ['params["w"][1][0]', 6],
    ['params.w[1]', [6, 7, 8]],
    ['params["w[0..1]"]', [3, 4, 5, 6, 7, 8]],
    ['params["0.weight"][1]', 10],
    ['params["0.weight"]', [9, 10]],
    ['params[argmax(abs(update))]', 2],
    ['params[20 - 4]', Number.NaN],
    ['params[1 / 2]', Number.NaN],
    ['argmax(params.w)', 7],
    ['argmax(params.w[0] - params.w[0])', 2],
    ['argmax(grad)', 7],
    ['params.w[0] + 1', [4, 5, 6]],
    ['10 - params.w[0]', [7, 6, 5]],
    ['params.w[0] * params.w[1]', [18, 28, 40]],
    ['params["0.weight"] ** 2', [81, 100]],
    ['-params.w[0]', [-3, -4, -5]],
    ['min(params.w[0], 4)', [3, 4, 4]],
    ['params.w[0] > 3', [0, 1, 1]],
    ['!(params.w[0] > 3)', [1, 0, 0]],
    ['params.w[0] > 3 && params.w[0] < 5', [0, 1, 0]],
    ['params.w[0] < 4 || params.w[0] > 4', [1, 0, 1]],
    ['loss > 9 || params.w[0] > 4', [0, 0, 1]],
    ['isnan(grad)', [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]],
    ['any(isnan(grad))', true],
    ['any(isnan(params))', false],
    ['all(isfinite(grad))', false],
    ['all(params > 0)', true],
    ['any(snr < 0.01)', true],
    ['count(snr < 0.6)', 2],
    ['mean(snr < 0.6)', 0.2],
    ['any(abs(update) > lr)', true],
    ['sum(params)', 55],
    ['sum(sum)', 10],
    ['mean(params)', 5.5],
    ['min(params)', 1],
    ['max(params)', 10],
    ['max(grad)', Number.NaN],
    ['norm(params["0.weight"] - 5 - params.w[0][0])', Math.hypot(1, 2)],
    ['norm(params["0.weight"])', Math.sqrt(181)],
  ])('%s is %j', (text, value) => {
    expect(valueIn(text)).toEqual(value);
  });

  it('a watched vector is a copy', () => {
    const step = { ...someStep(), vector: () => kept };
    const kept = Float64Array.of(1, 2);
    expect(evaluate(compiled('params["0.weight"]'), step)).toEqual(kept);
    expect(evaluate(compiled('params["0.weight"]'), step)).not.toBe(kept);
  });
});

describe('an evaluation reads', () => {
  it.each([
    ['loss > 2 * best', ['loss', 'best']],
    ['loss > 9 && any(isnan(grad))', ['loss']],
    ['loss > 1 || any(isnan(grad))', ['loss']],
    ['loss > 1 && any(isnan(grad))', ['loss', 'grad']],
    ['loss > 1 ? lr > 1 : any(isnan(grad))', ['loss', 'lr']],
    ['update.y > 1', ['update[1]']],
  ])('for %s only %j', (text, read) => {
    const step = someStep();
    evaluate(compiled(text, compileCondition), step);
    expect(step.read).toEqual(read);
  });
});
