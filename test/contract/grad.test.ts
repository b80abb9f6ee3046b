import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const files = {
  'fit.ts': `/** @loss @start [1, 2] */
export function annotated([x, y]: number[]): number {
  return x * x + y * y;
}
export const exportedStart = [3, 4];
export function exported(p: number[]): number {
  return p[0]! ** 2 + p[1]!;
}
export function unknown(p: number[]): number {
  return p[0]! ** 2;
}
/** @loss @start [1, 2] */
export function json(p: number[]): number {
  return (JSON.parse(JSON.stringify(p)) as number[]).reduce((s, x) => s + x * x, 0);
}
const roundTo = (x: number, n: number) => Math.round(x * 10 ** n) / 10 ** n;
/** @loss @start [0.5, 0.5] */
export function rounded([a, b]: number[]): number {
  return (roundTo(a!, 8) - 1) ** 2 + (roundTo(b!, 8) - 2) ** 2;
}
const single = new Float32Array(2);
/**
 * @loss
 * @start [0.3, 0.2]
 * @gradientMode finite-difference
 */
export function float32([x, y]: number[]): number {
  single[0] = x! - 1;
  single[1] = y! - 2;
  return single[0] ** 2 + single[1] ** 2;
}
`,
};

function adamscope(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: folderWith(files), encoding: 'utf8' });
}

describe('adamscope grad', () => {
  it.each([
    ['annotated', { at: [1, 2], names: ['x', 'y'], value: 5, grad: [2, 4], gradientMode: 'exact' }],
    ['exported', { at: [3, 4], value: 13, grad: [6, 1], gradientMode: 'exact' }],
  ])('evaluates at the start if no point is given: %s', (name, answer) => {
    const { stdout, stderr } = adamscope('grad', `fit.ts#${name}`, '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  it('prints the point', () => {
    expect(adamscope('grad', 'fit.ts#exported').stdout).toBe(
      'exported(3, 4) = 13\ngradient (exact): [6, 1]\n',
    );
  });

  it('prints the names of the coordinates', () => {
    expect(adamscope('grad', 'fit.ts#annotated').stdout).toBe(
      'annotated = 5\ngradient (exact)\n   at  gradient\nx   1         2\ny   2         4\n',
    );
  });

  it('asks for a point if no start is known', () => {
    const { status, stderr } = adamscope('grad', 'fit.ts#unknown');
    expect(status).toBe(2);
    expect(stderr).toContain('the start of unknown is unknown: pass --at 0,0 or write @start [0, 0]');
  });

  it('prints the reason for finite differences, with its place', () => {
    const { stdout, stderr } = adamscope('grad', 'fit.ts#json', '--at', '1,2');
    expect(stderr).toMatch(/^adamscope: warning: fit\.ts:14:\d+: .*finite differences\n$/);
    expect(stdout).toContain('gradient (finite-difference): [2, 4]');
  });

  it('contains the reason in JSON', () => {
    const { gradientMode, problems } = JSON.parse(adamscope('grad', 'fit.ts#json', '--json').stdout);
    expect(gradientMode).toBe('finite-difference');
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'no-exact-gradient',
        severity: 'warning',
        location: expect.objectContaining({ file: 'fit.ts', line: 14 }),
      }),
    ]);
  });

  it('uses finite differences where rounding removes the derivative, and says where', () => {
    const { grad, gradientMode, differenceAccuracy, problems } = JSON.parse(
      adamscope('grad', 'fit.ts#rounded', '--json').stdout,
    );
    expect(gradientMode).toBe('finite-difference');
    expect(Math.abs(grad[0] + 1)).toBeLessThan(3 * differenceAccuracy.error);
    expect(Math.abs(grad[1] + 3)).toBeLessThan(3 * differenceAccuracy.error);
    expect(problems).toMatchObject([
      { code: 'no-exact-gradient', location: { file: 'fit.ts', line: 16, column: 43 } },
    ]);
  });

  it('reports the accuracy of finite differences of a loss in single precision', () => {
    const { grad, differenceAccuracy } = JSON.parse(adamscope('grad', 'fit.ts#float32', '--json').stdout);
    expect(Math.abs(grad[0] + 1.4)).toBeLessThan(3.6 * differenceAccuracy.error);
    expect(Math.abs(grad[1] + 3.6)).toBeLessThan(3.6 * differenceAccuracy.error);
    expect(differenceAccuracy.error).toBeLessThan(1e-3);
    expect(adamscope('grad', 'fit.ts#float32').stdout).toMatch(
      /\(finite-difference, relative accuracy about \S+, because the loss computes to about single precision\)/,
    );
  });
});

describe('adamscope run', () => {
  it('contains the reason for finite differences in JSON', () => {
    const { stdout } = adamscope('run', 'fit.ts#json', '--steps', '3', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      gradientMode: 'finite-difference',
      problems: [{ code: 'no-exact-gradient', severity: 'warning', location: { file: 'fit.ts', line: 14 } }],
    });
  });

  it('reports the operation that rounds', () => {
    const { gradientMode, findings } = JSON.parse(
      adamscope('run', 'fit.ts#rounded', '--steps', '20', '--json', '--no-verify').stdout,
    );
    expect(gradientMode).toBe('finite-difference');
    // Twenty steps of the default learning rate are also too few.
    expect(findings.map(({ code }: { code: string }) => code)).toEqual(['piecewise-constant', 'plateau']);
    expect(findings[0]).toMatchObject({
      severity: 'info',
      location: { file: 'fit.ts', line: 16, column: 43 },
      origin: { kind: 'cut-derivative', expression: 'Math.round(x * 10 ** n)' },
    });
  });

  it('ends at the operation that rounds if the gradient must be exact', () => {
    const { status, stderr } = adamscope('run', 'fit.ts#rounded', '--set', 'gradientMode=exact');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^adamscope: fit\.ts:16:43: this operation rounds, /);
  });

  it('reports the accuracy of finite differences', () => {
    const text = adamscope('run', 'fit.ts#float32', '--steps', '3').stdout;
    expect(text).toContain('finite-difference gradient (relative accuracy about');
    const { differenceAccuracy } = JSON.parse(
      adamscope('run', 'fit.ts#float32', '--steps', '3', '--json').stdout,
    );
    expect(differenceAccuracy.noise).toBeGreaterThan(1e-9);
  });
});
