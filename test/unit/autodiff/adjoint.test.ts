import { describe, expect, test } from 'vitest';
import { generateAdjoint } from '../../../src/autodiff/adjoint/generateAdjoint';
import { type AdjointCase, adjointCases, refusedLosses } from './adjointLosses';
import { runDual } from './support/dualInterpreter';
import { build, distance, readModule } from './support/generated';

function contextOf({ context = {} }: AdjointCase): object {
  const { step = 1, indices = [], randoms = [] } = context;
  let drawn = 0;
  return { step, epoch: 0, indices, random: () => randoms[drawn++ % randoms.length] };
}

/** Loops of the function that is not guarded. */
function loopsOf(text: string): number {
  const body = /function \$ad_fast[\s\S]*?\n}/.exec(text)![0];
  return body.match(/\bfor \(/g)?.length ?? 0;
}

describe.each(['reverse', 'forward'] as const)('generated, %s mode', (mode) => {
  test.each(adjointCases)('$name', (row) => {
    for (const [k, point] of row.points.entries()) {
      const { loss, gradient, module, text } = build(row.text, point.length, mode);
      if (row.loops !== undefined && mode === 'reverse') expect(loopsOf(text), text).toBe(row.loops);
      const plain = loss([...point], contextOf(row));
      const oracle = runDual(module.program, 'loss', point, contextOf(row));
      const expected = row.gradients?.[k] ?? oracle.gradient;
      // Twice: nothing of the first evaluation is left for the second. An array of each kind takes the gradient.
      for (const grad of [new Float64Array(point.length).fill(9), new Array<number>(point.length).fill(9)]) {
        const value = gradient([...point], grad, contextOf(row));
        expect(value, text).toBe(plain);
        expect(
          distance(grad, expected),
          `${point}: ${Array.from(grad)}, not ${expected}\n${text}`,
        ).toBeLessThan(1e-10);
      }
      if (!row.gradients) expect(oracle.value).toBeCloseTo(plain, 10);
    }
  });
});

test.each(refusedLosses)('refused: %s %s', (reason, marked) => {
  const from = marked.indexOf('«');
  const to = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  const { unsupported } = generateAdjoint(readModule(text), 'loss', 2);
  expect(unsupported?.map(({ message }) => message)).toEqual([expect.stringMatching(reason)]);
  expect(text.slice(unsupported![0]!.from, unsupported![0]!.to)).toBe(text.slice(from, to));
});

test('every reason is told at once', () => {
  const text =
    'export function loss([x]) { const a = Math.random(); const b = Date.now(); return x * a * b + (x | 0); }';
  const { unsupported } = generateAdjoint(readModule(text), 'loss', 1);
  expect(unsupported?.map(({ from, to }) => text.slice(from, to))).toEqual(['Math.random()', 'Date']);
});
