import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const bench = path.join(root, 'dist/test/bench/packages/compareBits.js');
const losses = path.join(root, 'test/bench/packages/losses');

function run(...args: string[]) {
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 100_000,
  });
  return { lines: stdout.trim().split('\n'), stdout, stderr };
}

/** Small packages of the bench that are installed for development. `npm run packages` has the others. */
describe('the functions of a package give the same bits when it is rewritten', () => {
  it.each([
    ['ml-matrix', 3000],
    ['fft.js', 150],
    ['bezier-js', 1200],
  ])('%s', { timeout: 120_000 }, (name, calls) => {
    const { lines } = run('--stack-size=8000', bench, root, name);
    const result = JSON.parse(lines.at(-1)!) as { completed: number };
    expect(result).toMatchObject({ problem: null, differences: [] });
    expect(result.completed).toBeGreaterThanOrEqual(calls);
  });

  it('finds a planted difference, and continues after a call that does not end', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'adamscope-planted-'));
    try {
      const own = path.join(folder, 'node_modules/planted');
      mkdirSync(own, { recursive: true });
      writeFileSync(
        path.join(own, 'package.json'),
        '{ "name": "planted", "type": "module", "main": "main.js" }',
      );
      writeFileSync(path.join(own, 'main.js'), planted);
      const { lines } = run(bench, folder, 'planted');
      const result = JSON.parse(lines.at(-1)!) as { differences: string[] };
      expect(result).toMatchObject({ problem: null, functions: 9, unended: ['endless'] });
      expect(result.differences).toEqual([
        expect.stringMatching(/^Point#different, call 0, value: \d+, \d+$/),
        expect.stringMatching(/^make\(\)#changesThis, call 0, this.kept: \d+, \d+$/),
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** The prototype of a typed array has other methods in rewritten code, which no loss should ask for. */
const planted = `
const methods = () => Object.getOwnPropertyNames(Float64Array.prototype).length;
export function endless() {
  for (;;);
}
export const random = () => Math.random();
export const clock = () => [Date.now(), new Date(), performance.now()];
export const text = (f) => String(f) + String(random);
let calls = 0;
export const counter = () => ++calls;
export class Point {
  different() {
    return methods();
  }
}
export const make = () => ({
  kept: 0,
  changesThis() {
    this.kept = methods();
  },
});
`;

/** Central differences have an error of about 1e-10 for these losses, whose values are of the order of 1 to 100. */
const closeness = 1e-6;

function differences(loss: (point: number[]) => number, at: readonly number[]): number[] {
  return at.map((_, i) => {
    const step = 1e-5;
    const moved = (by: number) => loss(at.map((each, k) => (k === i ? each + by : each)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

describe('a loss over a package of the bench has an exact gradient', () => {
  it.each([
    'mlMatrixSolve',
    'mlMatrixInverse',
    'mlMatrixCholesky',
    'mlMatrixEigenvalues',
    'mlMatrixDecompositions',
    'glMatrixVectors',
    'glMatrixQuaternions',
    'simpleStatistics',
    'd3Array',
    'fftSpectrum',
    'bezierCurve',
  ])('%s', async (name) => {
    const file = path.join(losses, `${name}.mjs`);
    const [, start = ''] = /@start \[(.*)\]/.exec(readFileSync(file, 'utf8')) ?? [];
    const at = start.split(',').map(Number);
    const { stdout, stderr } = run('dist/cli.js', 'grad', `${file}#loss`, '--at', at.join(','), '--json');
    expect(stderr).toBe('');
    const { value, grad, gradientMode } = JSON.parse(stdout) as {
      value: number;
      grad: number[];
      gradientMode: string;
    };
    expect(gradientMode).toBe('exact');
    const { loss } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      loss: (point: number[]) => number;
    };
    expect(value).toBe(loss(at));
    for (const [i, each] of differences(loss, at).entries())
      expect(Math.abs(grad[i]! - each), `grad[${i}] = ${grad[i]}, differences ${each}`).toBeLessThan(
        closeness * Math.max(1, Math.abs(each)),
      );
  });
});
