import { expect, test } from 'vitest';
import { cuts } from '../../../src/autodiff/cuts';
import { cutLoss } from '../../../src/autodiff/cutViews';
import { $ } from '../../../src/autodiff/runtime/index';
import { siteAt } from '../../../src/autodiff/sites';
import type { EvaluationContext } from '../../../src/core/objective';
import { Workspace } from '../loss/workspace';
import { linkInstrumented, loadInstrumented } from './support/instrumented';

const context: EvaluationContext = { step: 1, epoch: 0, indices: [], random: () => 0.5 };

async function observed(body: string) {
  const text = `const table = [4, 5, 6];\nexport function loss(p) { ${body} }\n`;
  const workspace = new Workspace({ 'loss.js': text });
  const program = await linkInstrumented(workspace.path('loss.js'), workspace, workspace.root);
  const { loss } = await loadInstrumented(program, $);
  const call = (params: unknown) => (loss as unknown as (params: unknown) => unknown)(params);
  const watched = cutLoss({ dim: 2, call, notANumber: () => new TypeError('no number') }, () => context);
  const textOf = (site: number) => {
    const { from, to } = siteAt(program.sites, site)!;
    return text.slice(from, to);
  };
  return { watched, textOf };
}

// Of `!=`, the result of the equality is recorded.
test.each<[string, readonly (readonly [string, number])[]]>([
  ['return Math.ceil(p[0]) + p[1];', [['Math.ceil(p[0])', 2]]],
  [
    'return (p[0] | 0) + (p[1] > 1) * p[0];',
    [
      ['p[0] | 0', 1],
      ['p[1] > 1', 1],
    ],
  ],
  ['return p[0] === p[1] ? 1 : p[0];', [['p[0] === p[1]', 0]]],
  ['return p[0] != 1.5 ? p[0] : p[1];', [['p[0] != 1.5', 1]]],
  ['const n = new Uint8Array(1); n[0] = p[1]; return n[0] * p[1];', [['n[0] = p[1]', 2]]],
  [
    'return table[p.indexOf(Math.max(...p))] + p[0];',
    [
      ['p.indexOf(Math.max(...p))', 0],
      ['p.indexOf(Math.max(...p))', 1],
    ],
  ],
  [
    'const o = [0, 1].sort((i, j) => p[j] - p[i]); return table[o[0]] + p[0];',
    [['[0, 1].sort((i, j) => p[j] - p[i])', 0]],
  ],
  ['let s = 0; for (let i = 0; i < 2; i++) s += p[i]; return s;', []],
  ['return p[0] === undefined ? 0 : p[1];', []],
])('the results of %s', async (body, expected) => {
  const { watched, textOf } = await observed(body);
  const { cuts: found } = await watched.view(Float64Array.of(1.5, 2.25));
  expect(found.map(({ site, result }) => [textOf(site), result])).toEqual(expected);
  expect(cuts.comparing).toBe(false);
});

test('the shortest moves change the results, the nearest first', async () => {
  const { watched, textOf } = await observed('return Math.round(4 * p[0]) + (p[0] + p[1] > 4 ? 1 : p[1]);');
  const moves = await watched.moves(Float64Array.of(1.5, 2.25));
  const words = moves.map(({ site, move }) => [
    textOf(site),
    ...move.map((each) => Math.round(1e6 * each) / 1e6 + 0),
  ]);
  // A quarter of a unit of p[0] is one unit of 4 p[0]; p[0] + p[1] lacks 0.25, half of it in each coordinate. All go a thousandth beyond.
  expect(words).toEqual([
    ['p[0] + p[1] > 4', 0.125125, 0.125125],
    ['Math.round(4 * p[0])', 0.25025, 0],
    ['Math.round(4 * p[0])', -0.25025, 0],
  ]);
  expect(moves.map(({ isComparison }) => isComparison)).toEqual([true, false, false]);
});
