import { describe, expect, test } from 'vitest';
import { generateAdjoint } from '../../../src/autodiff/adjoint/generateAdjoint';
import { type AdjointCase, adjointCases, refusedLosses } from './adjointLosses';
import { classCases, objectCases } from './adjointObjectLosses';
import { runDual } from './support/dualInterpreter';
import { build, distance, readModule } from './support/generated';

function contextOf({ context = {} }: AdjointCase): object {
  const { step = 1, indices = [], randoms = [] } = context;
  let drawn = 0;
  return { step, epoch: 0, indices, random: () => randoms[drawn++ % randoms.length] };
}

/** The number of loops in the unguarded function. */
function loopsOf(text: string): number {
  const body = /function \$adjoint_fast[\s\S]*?\n}/.exec(text)![0];
  return body.match(/\bfor \(/g)?.length ?? 0;
}

describe.each(['reverse', 'forward'] as const)('generated gradient, %s mode', (mode) => {
  test.each([...adjointCases, ...objectCases, ...classCases])('$name', (row) => {
    for (const [k, point] of row.points.entries()) {
      const { loss, gradient, module, text } = build(row.text, point.length, mode);
      if (row.loops !== undefined && mode === 'reverse') expect(loopsOf(text), text).toBe(row.loops);
      const plain = loss([...point], contextOf(row));
      const isInterpreted = !classCases.includes(row);
      const oracle = isInterpreted ? runDual(module.program, 'loss', point, contextOf(row)) : null;
      const expected = row.gradients?.[k] ?? oracle!.gradient;
      // Two evaluations, because the second must not depend on the first. Both kinds of array receive the
      // gradient.
      for (const grad of [new Float64Array(point.length).fill(9), new Array<number>(point.length).fill(9)]) {
        const value = gradient([...point], grad, contextOf(row));
        // The tape decides ties.
        if (value === null && oracle?.isTie) continue;
        expect(value, text).toBe(plain);
        expect(
          distance(grad, expected),
          `${point}: ${Array.from(grad)}, not ${expected}\n${text}`,
        ).toBeLessThan(1e-10);
      }
      if (!row.gradients) expect(oracle!.value).toBeCloseTo(plain, 10);
    }
  });
});

test.each(refusedLosses)('is refused: %s %s', (reason, marked) => {
  const from = marked.indexOf('«');
  const to = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  const { unsupported } = generateAdjoint(readModule(text), 'loss', 2);
  expect(unsupported?.map(({ message }) => message)).toEqual([expect.stringMatching(reason)]);
  expect(text.slice(unsupported![0]!.from, unsupported![0]!.to)).toBe(text.slice(from, to));
});

test('all reasons are reported at once', () => {
  const text =
    'export function loss([x]) { const a = Math.random(); const b = Date.now(); return x * a * b + (x | 0); }';
  const { unsupported } = generateAdjoint(readModule(text), 'loss', 1);
  expect(unsupported?.map(({ from, to }) => text.slice(from, to))).toEqual(['Math.random()', 'Date']);
});

test.each([
  'exports.loss = ([x]) => x * x;',
  'const square = ([x]) => x * x;\nmodule.exports = { loss: square };',
  'module.exports.loss = function ([x]) { return x * x; };',
])('generates the gradient of a loss that CommonJS exports: %s', (text) => {
  const generated = generateAdjoint(readModule(text, '/loss.cjs'), 'loss', 1);
  if (generated.unsupported) throw new Error(generated.unsupported[0]?.message);
  const { exportName, text: written } = generated;
  const gradient = new Function(
    `const exports = {}, module = { exports };\n${text}\n${written}\nreturn ${exportName};`,
  )();
  const grad = [0];
  expect([gradient([3], grad, {}), grad]).toEqual([9, [6]]);
});

describe('a condition that only the run can check ends it with an error code', () => {
  test.each([
    ['an addend that is a string', 'const data = { y: "1" };\nexport const loss = ([x]) => x + data.y;'],
    [
      'a reduce method that is not that of an array',
      'const data = Object({ reduce: (f) => f(1, 2) });\nexport const loss = ([x]) => data.reduce((a, b) => a + b * x, 0);',
    ],
    [
      'an iterator that can be used only once',
      'const data = [1, 2].values();\nexport function loss([x]) { let s = 0; for (const d of data) s += d * x; return s; }',
    ],
    [
      'a method whose result may change',
      'const data = Object({ at: () => Date.now() });\nexport const loss = ([x]) => x * data.at(0);',
    ],
    [
      'a length that is not an integer',
      'const data = { n: 2.5 };\nexport const loss = ([x]) => x * new Float64Array(data.n).length;',
    ],
  ])('%s', (_, text) => {
    const { gradient } = build(text, 1, 'reverse');
    expect(() => gradient([1], [0], {})).toThrow(expect.objectContaining({ code: 'not-as-generated' }));
  });

  test('the stack grows when there are more intermediate values than it holds at first', () => {
    const text =
      'export function loss([x]) { let s = x; for (let i = 0; i < 1e5; i++) s = Math.sin(s + i * x); return s; }';
    const { gradient, loss } = build(text, 1, 'reverse');
    const forward = build(text, 1, 'forward');
    const grad = [[0], [0]];
    expect(gradient([0.3], grad[0]!, {})).toBe(loss([0.3], {}));
    forward.gradient([0.3], grad[1]!, {});
    expect(distance(grad[0]!, grad[1]!)).toBeLessThan(1e-10);
  });

  test('a very large number of intermediate objects ends with an error message', () => {
    const text =
      'export function loss([x]) { let v = { a: x }; for (let i = 0; i < 5e6; i++) { v = { a: v.a * 0.5 + x }; v.a += 1; } return v.a; }';
    const { gradient } = build(text, 1, 'reverse');
    expect(() => gradient([0.3], [0], {})).toThrow(/more intermediate objects/);
  }, 60_000);

  test('an unlimited number of intermediate values ends with an error message', () => {
    const text = 'export function loss([x]) { let s = x; while (s > 0) s = Math.sin(s) ** 2 + 1; return s; }';
    const { gradient } = build(text, 1, 'reverse');
    expect(() => gradient([0.3], [0], {})).toThrow(/more intermediate values/);
  }, 60_000);
});
