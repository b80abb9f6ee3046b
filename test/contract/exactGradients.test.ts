import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/diagnosis/finding';
import { folderWith } from '../support/startRun';

const root = path.join(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/cli.js');
const samples = path.join(root, 'media/samples');

function adamscope(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8' });
}

interface Listed {
  readonly file: string;
  readonly name: string;
}

const inAllLanguages = JSON.parse(adamscope(samples, 'list', '.', '--json').stdout) as Listed[];
/** Those in Python are compared with their twins in `pythonTwins.test.ts`. */
const listed = inAllLanguages.filter(({ file }) => !/\.(?:py|ipynb)$/.test(file));

describe('every sample', () => {
  it.each(listed)('$name: its gradient is exact and passes all checks', ({ file, name }) => {
    const { stdout, stderr } = adamscope(
      samples,
      'run',
      `${file}#${name}`,
      '--steps',
      '40',
      '--set',
      'gradientMode=exact',
      '--set',
      'expect=null',
      '--no-verify',
      '--json',
    );
    expect(stderr).toBe('');
    const { gradientMode, findings } = JSON.parse(stdout) as { gradientMode: string; findings: Finding[] };
    expect(gradientMode).toBe('exact');
    expect(findings.map(({ code }) => code)).not.toContain('gradient-mismatch');
    expect(findings.map(({ code }) => code)).not.toContain('non-deterministic-loss');
  });

  it.each(listed)('$name: by default the exact gradient is used', ({ file, name }) => {
    const { stdout } = adamscope(samples, 'run', `${file}#${name}`, '--steps', '3', '--json');
    expect(JSON.parse(stdout).gradientMode).toBe('exact');
  });
});

const files = {
  'a.ts': `import { far } from './b';
/** @loss @start [1, 2] @optimizer sgd lr=0.01 @steps 30 */
export function fine([x, y]: number[]): number {
  return [x, y].map((v) => v ** 2).reduce((s, v) => s + v, 0);
}
/** @loss @start [1, 2] @optimizer sgd lr=0.01 @steps 30 */
export function throughText([x, y]: number[]): number {
  return Number(x.toFixed(3)) ** 2 + y * y;
}
/** @loss @start [1.5, 2] @optimizer sgd lr=0.01 @steps 30 */
export function rounded([x, y]: number[]): number {
  const bins = Math.floor(4 * x);
  return (bins - 7) ** 2 + y * y;
}
/** @loss @start [1] @optimizer sgd lr=2 @steps 30 */
export function leaves([x]: number[]): number {
  return 3 * x + far(x);
}
/** @loss @start [1, 2] @optimizer sgd lr=0.01 @steps 30 @gradient wrongSlope */
export function wrong([x, y]: number[]): number {
  return x * x + 3 * y * y;
}
export const wrongSlope = ([x, y]: number[]) => [2 * x, 3 * y];
let calls = 0;
/** @loss @start [1] @steps 30 */
export function counts([x]: number[]): number {
  return x * x + 0.1 * calls++;
}
const seen = Array.from({ length: 400 }, (_, i) => Math.sin(i));
/** @loss @start [0.2] @steps 30 */
export function likelihood([m]: number[]): number {
  let p = 1;
  for (const y of seen) p *= 0.1 * Math.exp(-((y - m) ** 2));
  return -Math.log(p);
}
`,
  'b.ts': `export function far(x: number): number {
  const inner = 1 + x;
  return 2 * Math.log(inner);
}
`,
};

describe('a run with exact gradients', () => {
  const run = (name: string, ...flags: string[]) =>
    adamscope(folderWith(files), 'run', `a.ts#${name}`, '--json', ...flags);

  it('needs no setting of the gradient mode', () => {
    const { stdout, stderr } = run('fine');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ gradientMode: 'exact', findings: [] });
  });

  it('reports an operation that cannot be differentiated at its place, and continues with differences', () => {
    const { stdout, stderr, status } = run('throughText');
    expect(stderr).toMatch(/^adamscope: warning: a\.ts:8:\d+: .*the derivative would be lost/);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).gradientMode).toBe('finite-difference');
  });

  it('fails if the gradient mode is exact and the loss cannot be differentiated', () => {
    const { stderr, status } = run('throughText', '--set', 'gradientMode=exact');
    expect(stderr).toMatch(/^adamscope: a\.ts:8:\d+: .*the derivative would be lost/);
    expect(status).toBe(2);
  });

  it('locates the expression that produced a NaN, in an imported file', () => {
    const { stdout, status } = run('leaves');
    expect(status).toBe(1);
    const [finding] = JSON.parse(stdout).findings;
    expect(finding).toMatchObject({
      code: 'non-finite-loss',
      message: `${finding.headline} ${finding.detail}`,
      location: { file: 'b.ts', line: 3, column: 14, endLine: 3, endColumn: 29 },
      origin: {
        kind: 'non-finite-value',
        location: { file: 'b.ts', line: 3 },
        expression: expect.stringContaining('Math.'),
        inputs: [expect.any(Number)],
        result: 'NaN',
      },
    });
    expect(finding.origin.inputs[0]).toBeLessThan(0);
  });

  it('states that a product underflowed before its logarithm, and what the loss is at the start', () => {
    const { verdict, findings } = JSON.parse(run('likelihood', '--no-verify').stdout);
    expect(findings[0]).toMatchObject({
      detail: 'A product underflowed to 0 before the logarithm.',
      origin: { expression: 'Math.log(p)', cause: { kind: 'logarithm-of-0', underflow: 'product' } },
    });
    expect(findings[0].evidence).toEqual({ loss: 'Infinity', t: 1 });
    expect(verdict.headline).toBe('Broken: the loss is ∞ at the start.');
    expect(verdict.evidence).toMatchObject({ startLoss: 'Infinity', bestLoss: 'Infinity' });
  });

  it('locates the operation that converts a parameter to an integer, if its gradient is zero', () => {
    const { stdout } = run('rounded');
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(findings.find(({ code }) => code === 'zero-gradient')).toMatchObject({
      coordinates: [0],
      location: { file: 'a.ts', line: 12, column: 16, endLine: 12, endColumn: 33 },
      origin: { kind: 'cut-derivative', expression: 'Math.floor(4 * x)' },
    });
  });

  it('reports the wrong coordinate of a provided gradient, and the correct value', () => {
    const { stdout, status } = run('wrong');
    expect(status).toBe(1);
    const { gradientMode, findings } = JSON.parse(stdout);
    expect(gradientMode).toBe('provided');
    expect(findings[0]).toMatchObject({ code: 'gradient-mismatch', coordinates: [1] });
    expect(findings[0].evidence.right).toBeCloseTo(12, 6);
  });

  it('reports a loss that returns different values for the same parameters', () => {
    const { findings } = JSON.parse(run('counts').stdout);
    expect(findings.map(({ code }: Finding) => code)).toContain('non-deterministic-loss');
  });
});
