import { expect, test } from 'vitest';
import { cutDerivatives } from '../../../src/autodiff/cutDerivatives';
import { cuts } from '../../../src/autodiff/cuts';
import { $ } from '../../../src/autodiff/runtime/index';
import { type Site, siteAt } from '../../../src/autodiff/sites';
import type { EvaluationContext } from '../../../src/core/objective';
import { Workspace } from '../loss/workspace';
import { linkInstrumented, loadInstrumented } from './support/instrumented';

const context: EvaluationContext = { step: 1, epoch: 0, indices: [], random: () => 0.5 };

/** For every place where derivatives end: [expression, coordinates]. */
async function cutsOf(body: string, at: readonly number[]) {
  const text = `export function loss(p) { ${body} }\n`;
  const workspace = new Workspace({ 'loss.js': text });
  const program = await linkInstrumented(workspace.path('loss.js'), workspace, workspace.root);
  const { loss } = await loadInstrumented(program, $);
  const found = await cutDerivatives(
    {
      dim: at.length,
      call: (params) => (loss as unknown as (params: unknown) => unknown)(params),
      notANumber: () => new TypeError('no number'),
    },
    Float64Array.from(at),
    () => context,
  );
  const textOf = ({ from, to }: Site) => text.slice(from, to);
  return [...found].map(([site, coordinates]) => [textOf(siteAt(program.sites, site)!), coordinates]);
}

test.each<[string, readonly number[], (readonly [string, readonly number[]])[]]>([
  ['return Math.floor(p[0]) + p[1];', [1.5, 2], [['Math.floor(p[0])', [0]]]],
  ['return (Math.round(p[0] * p[1]) - 3) ** 2 + p[2];', [1.5, 2, 1], [['Math.round(p[0] * p[1])', [0, 1]]]],
  [
    'return (p[0] | 0) + ~~p[1] + p[2];',
    [1.5, 2, 1],
    [
      ['p[0] | 0', [0]],
      ['~p[1]', [1]],
    ],
  ],
  ['const q = p.map((x) => Math.trunc(x)); return q[0] + q[1];', [1.5, 2], [['Math.trunc(x)', [0, 1]]]],
  ['const n = new Int32Array(1); n[0] = p[0]; return n[0] * p[1];', [1.5, 2], [['n[0] = p[0]', [0]]]],
  ['return Math.max(0, p[0]) + p[1];', [-1, 2], []],
  ['return Math.floor(3.5) * p[0];', [1], []],
])('%s', async (body, at, expected) => {
  expect(await cutsOf(body, at)).toEqual(expected);
});

test('a loss that throws resets the recording of cuts', async () => {
  await expect(cutsOf('Math.floor(p[0]); throw new Error("no");', [1.5])).rejects.toThrow('no');
  expect(cuts.on).toBe(false);
});
