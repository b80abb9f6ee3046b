import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { formatNumber } from '../../src/core/numerics/format';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');
const loss = ([x, y]: readonly number[]) => (x! - 2) ** 2 + 3 * (y! + 1) ** 2 + 0.5;
const text = `/** @loss @start [0, 0] @optimizer sgd lr=0.21 @steps 7 */
export const bowl = ([x, y]: number[]): number => (x! - 2) ** 2 + 3 * (y! + 1) ** 2 + 0.5;\n`;

interface Row {
  readonly t: number;
  readonly loss: number;
  readonly params: readonly number[];
}

it('the loss of step t is the one before the step, and the final loss the one after the last step, everywhere', () => {
  const cwd = folderWith({ 'a.ts': text });
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [cli, 'run', 'a.ts#bowl', '--no-verify', ...args], { cwd, encoding: 'utf8' })
      .stdout;
  const json = JSON.parse(run('--json', '--steps-out', 'steps.ndjson'));
  const rows = readFileSync(path.join(cwd, 'steps.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  const points = [[0, 0], ...rows.map(({ params }) => params)];
  const losses = points.map(loss);
  expect(new Set(losses.map((each) => formatNumber(each))).size).toBe(losses.length);
  expect(rows.map(({ t }) => t)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(rows.map((row) => row.loss)).toEqual(losses.slice(0, -1));
  expect(json.final).toMatchObject({ params: points.at(-1), loss: losses.at(-1) });
  expect(json.best).toEqual({ params: points[7], loss: losses[7], t: 7 });
  expect(json.verdict.evidence).toMatchObject({
    startLoss: losses[0],
    finalLoss: losses[7],
    bestLoss: losses[7],
  });
  expect(json.verdict.detail).toContain(`from ${formatNumber(losses[0]!)} to ${formatNumber(losses[7]!)}`);
  const shown = run();
  expect(shown).toContain(`final  loss ${formatNumber(losses[7]!, 6)} at`);
  expect(shown).toMatch(new RegExp(`best   loss ${formatNumber(losses[7]!, 6)} at .* \\(t = 7\\)`));
});

it('a batch of all samples is the same at each step: the start of the run is its first loss', () => {
  const text = `/** @loss @start [0] @optimizer sgd lr=0.02 @samples 4 @batch 4 @epochs 60 */
export const spread = ([m]: number[], { indices }: { indices: number[] }): number =>
  indices.reduce((sum, i) => sum + (m! - i) ** 2 / indices.length, 0);\n`;
  const cwd = folderWith({ 'a.ts': text });
  const start = (...args: string[]) => {
    const given = ['run', 'a.ts#spread', '--no-verify', '--json', ...args];
    const { stdout } = spawnSync(process.execPath, [cli, ...given], { cwd, encoding: 'utf8' });
    return JSON.parse(stdout).verdict.evidence.startLoss;
  };
  expect(start()).toBe((0 + 1 + 4 + 9) / 4);
  expect(start('--set', 'batch=2')).toBe((0 + 1 + 4 + 9) / 4);
});
