import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

function source(dim: number): string {
  return `export const wideStart = new Float64Array(${dim}).fill(0.5);
/** @loss
 * @optimizer adam lr=0.01 */
export function wide(w: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += w[i]! * w[i]!;
  return sum;
}
`;
}

function adamscope(dim: number, ...more: readonly string[]) {
  const cwd = folderWith({ 'wide.ts': source(dim) });
  const options = { cwd, encoding: 'utf8', maxBuffer: 2 ** 30 } as const;
  const call = (...given: readonly string[]) => spawnSync(process.execPath, [cli, ...given], options);
  return { run: call('run', 'wide.ts#wide', ...more), call };
}

describe('a loss of very many coordinates', () => {
  it.each([
    [100_000, 1],
    [100_000, 5],
    [1_000_000, 1],
    [1_000_000, 5],
  ])('runs with %i coordinates for %i steps, into a file', { timeout: 120_000 }, (dim, steps) => {
    const { run, call } = adamscope(
      dim,
      ...['--steps', String(steps), '--diagnosis', 'off', '--out', 'wide.adamscope'],
    );
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain(`${steps} ${steps === 1 ? 'step' : 'steps'}, stopped: steps`);
    if (dim > 100_000) return;
    const exported = call('export', 'wide.adamscope', '--format', 'csv');
    expect(exported.stderr).toBe('');
    const lines = exported.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1 + steps);
    // All coordinates start at 0.5 and move by lr at the first step.
    const median = lines[0]!.split(',').indexOf('paramsBand[50%]');
    expect(Number(lines[1]!.split(',')[median])).toBeCloseTo(0.49, 6);
  });

  it('is refused in one sentence above 4,000,000 coordinates', () => {
    const { run } = adamscope(10_000_000, '--steps', '1');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(
      /^adamscope: wide\.ts:4:17: wideStart has 10000000 coordinates; at most 4000000 can be run\n$/,
    );
  });

  it('is refused in one sentence if its gradient would need too many finite differences', () => {
    const { run } = adamscope(20_001, '--steps', '1', '--set', 'gradientMode=finite-difference');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(
      /^adamscope: wide\.ts:4:17: wide has 20001 coordinates, but finite differences are computed for at most 20000: make its gradient exact, or name a gradient function with @gradient \(at step 1\)\n$/,
    );
  });
});
