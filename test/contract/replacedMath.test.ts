// A program may replace functions of Math. The value and the gradient must use the replacements, in every
// gradient mode.
import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../src/core/config/runConfig';
import type { LossProblem } from '../../src/loss/problem';
import { startRun } from '../support/startRun';

const body = '/** @loss @start [1, 2] */\nexport function loss([x, y]) { return Math.exp(x) + y * y; }\n';
const frozen = { optimizer: { name: 'sgd', lr: 0 }, steps: 4 } as const;

async function run(text: string, patch: RunConfigPatch = {}) {
  const warnings: LossProblem[] = [];
  const modes: string[] = [];
  const losses: number[] = [];
  const { outcome, problems } = await startRun(
    text,
    { file: 'loss.mjs', patch: { ...frozen, ...patch } },
    {
      onOpened: ({ gradientMode }) => modes.push(gradientMode),
      onGradientMode: (mode) => modes.push(mode),
      onWarning: (problem) => warnings.push(problem),
      onRecord: (data, offset) => losses.push(data[offset + 1]!),
    },
  ).ended;
  return { outcome, problems, warnings, modes, losses };
}

describe('a program that replaces a function of Math', () => {
  it.each<[string, string, number]>([
    ['by another function', 'Math.exp = (z) => 3 * z;\n', 3 + 4],
    [
      'by a wrapper, and is loaded twice,',
      'const { exp } = Math;\nMath.exp = (z) => 2 * exp(z);\n',
      2 * Math.E + 4,
    ],
    ['and freezes Math', 'Math.exp = (z) => 3 * z;\nObject.freeze(Math);\n', 3 + 4],
  ])('%s runs with finite differences, and the reason is reported', async (_, head, value) => {
    const { losses, problems, warnings, modes } = await run(head + body);
    expect(problems).toEqual([]);
    expect(losses).toEqual([value, value, value, value]);
    expect(modes).toEqual(['finite-difference']);
    expect(warnings).toMatchObject([
      {
        code: 'no-exact-gradient',
        message:
          'Math.exp was replaced by the program, so its derivative is not known; the gradient is computed by finite differences',
        location: { line: head.split('\n').findIndex((line) => line.startsWith('Math.exp')) + 1 },
      },
    ]);
  });

  it('during the run uses the replacement from the next step on', async () => {
    const { losses, modes } = await run(
      body.replace('{ return', '{ if (x === 1) Math.exp = (z) => 3 * z; return'),
    );
    expect(losses.slice(1)).toEqual([7, 7, 7]);
    expect(modes).toEqual(['exact', 'finite-difference']);
  });

  it('is refused if the gradient mode is exact', async () => {
    const { problems } = await run(`Math.exp = (z) => 3 * z;\n${body}`, { gradientMode: 'exact' });
    expect(problems).toMatchObject([{ code: 'no-exact-gradient', severity: 'error', location: { line: 1 } }]);
  });

  it('does not affect the next run', async () => {
    const { losses, modes } = await run(body);
    expect(losses[0]).toBe(Math.E + 4);
    expect(modes).toEqual(['exact']);
  });
});
