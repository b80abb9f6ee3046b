import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/analysis/report';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const formula = `
const [b1, b2, lr, eps] = [0.9, 0.999, 0.01, 1e-8];
class Mine {
  #t = 0;
  #m: number[] = [];
  #v: number[] = [];
  step(w: number[], g: number[]): number[] {
    this.#t++;
    return w.map((x, i) => {
      this.#m[i] = b1 * (this.#m[i] ?? 0) + (1 - b1) * g[i]!;
      this.#v[i] = b2 * (this.#v[i] ?? 0) + (1 - b2) * g[i]! ** 2;
      return x - (lr * (this.#m[i]! / (1 - b1 ** this.#t))) / (Math.sqrt(this.#v[i]! / (1 - b2 ** this.#t)) + eps);
    });
  }
}
`;

const files = {
  'own.ts': `${formula}
/** @optimizerStep adam lr=0.01 */
export const mine = new Mine();
let inner = new Mine();
/** @optimizerStep adam lr=0.01 */
export function inModule(params: number[], grads: number[]): void {
  for (const [i, x] of inner.step(params, grads).entries()) params[i] = x;
}
/** @optimizerStep adam lr=0.01 */
export class Doubled extends Mine {
  step(w: number[], g: number[]): number[] {
    return super.step(w, g).map((x, i) => 2 * x - w[i]!);
  }
}
/** @loss @start [-1.2, 1] @optimizer own=mine @steps 40 */
export function ownLoss([x, y]: number[]): number {
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
}
/** @loss @start [-1.2, 1] @optimizer adam lr=0.01 @steps 40 */
export function adamLoss([x, y]: number[]): number {
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
}
/** @loss @start [3] @optimizer own=Doubled @steps 40 */
export function otherLoss([x]: number[]): number {
  return x * x;
}
/** @loss @start [3] @optimizer own=mina */
export function unknownLoss([x]: number[]): number {
  return x * x;
}
/** @loss @start [3] @optimizer own=mine @schedule cosine */
export function scheduledLoss([x]: number[]): number {
  return x * x;
}
`,
};

function adamscope(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: folderWith(files), encoding: 'utf8' });
}

describe('an optimizer of the user', () => {
  it.each(['mine', 'inModule'])('passes its check with state of its own: %s', (name) => {
    const { status, stdout } = adamscope('invariances', `own.ts#${name}`, '--json');
    const report = JSON.parse(stdout) as Report;
    expect(report.summary).toContain('equals adam');
    expect(report.problem).toBeUndefined();
    expect(status).toBe(0);
  });

  it('is a problem at its name if it differs', () => {
    const { status, stdout } = adamscope('invariances', 'own.ts#Doubled', '--json');
    const { problem, tables } = JSON.parse(stdout) as Report;
    expect(problem).toContain('the steps are those of lr = 0.02');
    const verdicts = tables.flatMap(({ rows }) => rows.map(({ verdict }) => verdict));
    expect(verdicts.filter((verdict) => verdict === 'fail')).toHaveLength(1);
    expect(status).toBe(1);
  });

  it('makes the steps of a run', () => {
    const result = (name: string) => JSON.parse(adamscope('run', `own.ts#${name}`, '--json').stdout);
    const [own, adam] = [result('ownLoss'), result('adamLoss')];
    for (const [i, x] of (own.final.params as number[]).entries())
      expect(Math.abs(x - adam.final.params[i])).toBeLessThan(1e-12);
    expect(own.config.optimizer).toMatchObject({ name: 'adam', own: 'mine' });
    expect(own.verdict.kind).toBe(adam.verdict.kind);
    expect(own.findings.flatMap(({ fixes }: { fixes: unknown[] }) => fixes)).toEqual([]);
    const other = result('otherLoss');
    // It moves twice as far as its reference: 40 steps of 0.02.
    expect(other.final.params[0]).toBeCloseTo(2.2, 1);
    expect(other.findings).toEqual([]);
    const replaced = JSON.parse(adamscope('run', 'own.ts#ownLoss', '--optimizer', 'sgd', '--json').stdout);
    expect(replaced.config.optimizer).not.toHaveProperty('own');
  });

  it('is reported at its name by a run if it differs', () => {
    const { stdout, stderr, status } = adamscope('run', 'own.ts#otherLoss');
    expect(stdout).toMatch(
      /^own\.ts:25:14: warning: Doubled fails its check, so no rule judges .*the steps are those of lr = 0\.02.* \[optimizer-check\]$/m,
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { problems } = JSON.parse(adamscope('run', 'own.ts#otherLoss', '--json').stdout);
    expect(problems).toMatchObject([{ code: 'optimizer-check', location: { line: 25 } }]);
    expect(adamscope('run', 'own.ts#ownLoss').stdout).not.toContain('optimizer-check');
  });

  it('must exist, and excludes a schedule', () => {
    const unknown = adamscope('run', 'own.ts#unknownLoss');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('the module has no optimizer mina; available: mine, inModule, Doubled');
    const scheduled = adamscope('run', 'own.ts#scheduledLoss');
    expect(scheduled.status).toBe(2);
    expect(scheduled.stderr).toContain('mine chooses its own steps, so a schedule has no effect; remove it');
  });
});
