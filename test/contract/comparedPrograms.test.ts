import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

/** The rewriting changes the text of a function, so a loss that reads it is not the same program. */
const files = {
  'a.ts': `const square = (x: number) => x * x;
const isRewritten = () => String(square).length > 25;
console.log('loading');
let calls = 0;
/** @loss @start [1, 2] */
export function reads([x, y]: number[]): number {
  console.log('evaluating');
  return square(x) + y * y + String(square).length;
}
/** @loss @start [1, 2] */
export function fails([x, y]: number[]): number {
  if (isRewritten()) throw new RangeError('only here');
  return square(x) + y * y;
}
/** @loss @start [1, 2] */
export async function later([x, y]: number[], { step }: { step: number }): Promise<number> {
  await null;
  return step === 4 && isRewritten() ? Number.NaN : square(x) + y * y;
}
/** @loss @start [1, 2] */
export function counts([x, y]: number[]): number {
  return x * x + y * y + calls++;
}
const data = Array.from({ length: 5 }, () => Math.random());
/** @loss @start [1, 2] */
export function draws([x, y]: number[]): number {
  return data.reduce((sum, each) => sum + (x - each) ** 2 + y * y, 0);
}
/** @loss @start [1, 2] @gradient slope */
export function provided([x, y]: number[]): number {
  return square(x) + y * y + String(square).length;
}
export const slope = ([x, y]: number[]) => [2 * x, 2 * y];
`,
  'once.mjs': `if (globalThis.loaded) throw new Error('loaded twice');
globalThis.loaded = true;
/** @loss @start [1, 2] */
export function once([x, y]) {
  return x * x + y * y;
}
`,
  'loads.ts': `const square = (x: number) => x * x;
if (String(square).length > 25) throw new SyntaxError('only here');
/** @loss @start [1, 2] */
export function loads([x, y]: number[]): number {
  return square(x) + y * y;
}
/** @loss @start [1, 2] @gradient slope */
export function provided([x, y]: number[]): number {
  return square(x) + y * y;
}
export const slope = ([x, y]: number[]) => [2 * x, 2 * y];
`,
  'lists.ts': `import { readFileSync } from 'node:fs';
const lines = readFileSync(new URL(import.meta.url), 'utf8').split('\\n').slice(0, 3);
const rows = lines.map((line, i): [number, number] => [i, line.length]);
/** @loss @start [1, 2] */
export function lists([a, b]: number[]): number {
  return rows.map(([x, y]) => (a * x + b - y) ** 2).reduce((s, v) => s + v, 0);
}
`,
};

function run(target: string, ...flags: string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [cli, 'run', target, '--steps', '6', '--no-verify', '--json', ...flags],
    { cwd: folderWith(files), encoding: 'utf8' },
  );
  return { stderr, status, report: stdout === '' ? null : JSON.parse(stdout) };
}

describe('a run compares the rewritten program with the unchanged one', () => {
  it('uses finite differences from the first different value on, and reports it at the loss', () => {
    const { stderr, report } = run('a.ts#reads');
    expect(stderr).toMatch(
      /a\.ts:6:17: at step 1 the program rewritten for exact gradients returned \d+, but the program itself returned 25; the gradient is computed by finite differences/,
    );
    expect(report).toMatchObject({ gradientMode: 'finite-difference', stopped: 'steps' });
    expect(report.best.loss).toBeCloseTo(25, 0);
  });

  it('prints nothing twice', () => {
    const { stderr } = run('a.ts#reads', '--diagnosis', 'off', '--steps', '1');
    expect(stderr.match(/loading/g)).toHaveLength(1);
  });

  it('reports an error that only the rewritten program throws, at its place', () => {
    const { stderr, report } = run('a.ts#fails');
    expect(stderr).toMatch(/a\.ts:12:\d+: at step 1 .* failed: RangeError: only here, but .* returned 5;/);
    expect(report).toMatchObject({ gradientMode: 'finite-difference', stopped: 'steps' });
  });

  it('compares a NaN at a later step', () => {
    const { stderr, report } = run('a.ts#later');
    expect(stderr).toMatch(/a\.ts:16:23: at step 4 .* returned NaN, but the program itself returned 4\.9/);
    expect(report).toMatchObject({ gradientMode: 'finite-difference', stopped: 'steps', findings: [] });
  });

  it('ends the run in mode exact', () => {
    const { stderr, status } = run('a.ts#reads', '--set', 'gradientMode=exact');
    expect(status).toBe(2);
    expect(stderr).toMatch(/a\.ts:6:17: at step 1 .* but the program itself returned 25\n$/);
  });

  it.each(['counts', 'draws'])('blames no rewriting where the program differs from itself: %s', (name) => {
    const { stderr, report } = run(`a.ts#${name}`);
    expect(stderr).not.toContain('rewritten');
    expect(report.gradientMode).toBe('exact');
  });

  it('keeps the exact gradient of a program that can be loaded only once, and says so', () => {
    const { stderr, report } = run('once.mjs#once');
    expect(stderr).toMatch(/once\.mjs:1:\d+: the exact gradient cannot be checked, .*loaded twice/);
    expect(report.gradientMode).toBe('exact');
  });

  it('reports an error that only the rewritten program throws while it is loaded', () => {
    const { stderr, report } = run('loads.ts#loads');
    expect(stderr).toMatch(
      /loads\.ts:2:\d+: the program for exact gradients failed, .*SyntaxError: only here/,
    );
    expect(report.gradientMode).toBe('finite-difference');
  });

  it.each(['a.ts#provided', 'loads.ts#provided'])(
    'compares a provided gradient with differences: %s',
    (target) => {
      const { stderr, report } = run(target);
      expect(stderr).toMatch(/the provided gradient is compared with finite differences only/);
      expect(report).toMatchObject({ gradientMode: 'provided', findings: [] });
    },
  );

  it('names the helpers of instrumentation and of generated code differently', () => {
    const { stderr, report } = run('lists.ts#lists');
    expect(stderr).toBe('');
    expect(report.gradientMode).toBe('exact');
  });
});
