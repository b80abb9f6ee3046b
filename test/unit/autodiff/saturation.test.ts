import { expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime/index';
import { saturationAt } from '../../../src/autodiff/saturation';
import { siteAt } from '../../../src/autodiff/sites';
import type { EvaluationContext } from '../../../src/core/objective';
import { Workspace } from '../loss/workspace';
import { linkInstrumented, loadInstrumented } from './support/instrumented';

const context: EvaluationContext = { step: 1, epoch: 0, indices: [], random: () => 0.5 };
const sigmoid = '1 / (1 + Math.exp(-z))';

/** For every saturated expression [text, saturated / count, pulled], and the share of the loss that is pulled. */
async function saturationOf(body: string, at: readonly number[]) {
  const text = `const s = (z) => ${sigmoid};\nexport function loss(p) { ${body} }\n`;
  const workspace = new Workspace({ 'loss.js': text });
  const program = await linkInstrumented(workspace.path('loss.js'), workspace, workspace.root);
  const { loss } = await loadInstrumented(program, $);
  const { expressions, pulledShare } = await saturationAt(
    {
      dim: at.length,
      call: (params) => (loss as unknown as (params: unknown) => unknown)(params),
      notANumber: () => new TypeError('no number'),
    },
    Float64Array.from(at),
    () => context,
  );
  const textOf = (site: number) => {
    const { from, to } = siteAt(program.sites, site)!;
    return text.slice(from, to);
  };
  return {
    found: expressions.map(({ site, saturated, count, pulled }) => [
      textOf(site),
      `${saturated}/${count}`,
      pulled,
    ]),
    share: Number(pulledShare.toFixed(3)),
    coordinates: expressions.map((each) => each.coordinates),
  };
}

test.each<[string, string, readonly number[], ReadonlyArray<readonly [string, string, number]>, number]>([
  ['a target above 1', 'return (s(p[0]) - 3) ** 2;', [8], [[sigmoid, '1/1', 1]], 1],
  ['a target below 0', 'return (s(p[0]) + 1) ** 2;', [-8], [[sigmoid, '1/1', 1]], 1],
  ['a target that is reached', 'return (s(p[0]) - 1) ** 2;', [8], [[sigmoid, '1/1', 0]], 0],
  ['a target on the other side', 'return (s(p[0]) - 0.2) ** 2;', [8], [[sigmoid, '1/1', 0]], 0],
  ['an output that is not saturated', 'return (s(p[0]) - 3) ** 2;', [2], [], 0],
  ['a scaled output', 'return (5 * s(p[0]) + 1 - 9) ** 2;', [8], [[sigmoid, '1/1', 1]], 1],
  [
    'an output that a parameter scales',
    'return (p[1] * s(p[0]) - 3) ** 2;',
    [8, 1],
    [[sigmoid, '1/1', 0]],
    0,
  ],
  ['an output with a bias after it', 'return (s(p[0]) + p[1] - 3) ** 2;', [8, 0], [[sigmoid, '1/1', 0]], 0],
  [
    'a mean and a root',
    'return Math.sqrt(((s(p[0]) - 3) ** 2 + (s(p[1]) - 2) ** 2) / 2);',
    [8, 8],
    [[sigmoid, '2/2', 2]],
    1,
  ],
  [
    'a penalty beside the term',
    'return (s(p[0]) - 2) ** 2 + p[0] ** 2 / 64;',
    [8],
    [[sigmoid, '1/1', 1]],
    0.5,
  ],
  [
    'noise around the asymptote',
    'return (s(p[0]) - 1.3) ** 2 + (s(p[1]) - 0.7) ** 2;',
    [8, 8],
    [[sigmoid, '2/2', 0]],
    0,
  ],
  [
    'a sum with an output that is not saturated',
    'return (s(p[0]) - 3) ** 2 + (s(p[1]) - 4.5) ** 2;',
    [8, 0],
    [[sigmoid, '1/2', 1]],
    0.2,
  ],
  ['a likelihood', 'return -Math.log(s(p[0])) + 2;', [8], [[sigmoid, '1/1', 0]], 0],
  ['an expected cost', 'return 3 - s(p[0]) - s(p[0]) * s(p[1]);', [8, 8], [[sigmoid, '3/3', 0]], 0],
  ['a square written as a product', 'const e = s(p[0]) - 3; return e * e;', [8], [[sigmoid, '1/1', 1]], 1],
  ['tanh', 'return (Math.tanh(p[0]) - 4) ** 2;', [4], [['Math.tanh(p[0])', '1/1', 1]], 1],
  ['atan', 'return (Math.atan(p[0]) + 4) ** 2;', [-90], [['Math.atan(p[0])', '1/1', 1]], 1],
  [
    'another constant',
    'return (7 / (2 + Math.exp(-p[0])) - 9) ** 2;',
    [8],
    [['7 / (2 + Math.exp(-p[0]))', '1/1', 1]],
    1,
  ],
  [
    'a softmax',
    'const e = [p[0], p[1]].map((x) => Math.exp(x)); const n = e[0] + e[1]; return (e[0] / n) ** 2 + (e[1] / n - 1) ** 2;',
    [9, 0],
    [
      ['e[0] / n', '1/1', 0],
      ['e[1] / n', '1/1', 0],
    ],
    0,
  ],
  ['exponentials without asymptotes', 'return Math.exp(p[0]) / 3 + 1 / (1 - Math.exp(p[0]));', [-9], [], 0],
])('%s', async (_, body, at, found, share) => {
  expect(await saturationOf(body, at)).toMatchObject({ found, share });
});

test('the coordinates of an expression are those that its saturated values depend on', async () => {
  const { coordinates } = await saturationOf(
    'return p[0] * s(p[1]) + s(p[2] * p[1]) + s(p[0]) + Math.sin(p[3]);',
    [0.5, 6, 4, 2],
  );
  expect(coordinates).toEqual([[1, 2]]);
});
