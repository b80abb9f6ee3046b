import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/analysis/report';
import { optimizerNames } from '../../src/core/optimizers/registry';
import { scheduleNames } from '../../src/core/schedules/registry';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const files = {
  'fit.ts': `/**
 * @loss
 * @start [-1.2, 1]
 * @names a b
 * @optimizer adam lr=0.05
 * @steps 60
 */
export function banana([x, y]: number[]): number {
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
}
/**
 * @loss
 * @start [30]
 * @optimizer adam lr=0.1
 * @samples 16
 * @batch 4
 * @epochs 5
 */
export function noisy([x]: number[], { indices }: { indices: number[] }): number {
  return indices.reduce((sum, i) => sum + (x - (i % 4)) ** 2, 0) / indices.length;
}
/** @loss @start [0] */
export function broken([x]: number[]): number {
  throw new Error('no data');
}
/** @loss @start [0] @steps 100000000 */
export function slow([x]: number[]): number {
  return x * x;
}
`,
  'steps.ts': `type State = { m?: number[]; v?: number[] };
function moments(grad: number[], state: State) {
  state.m = grad.map((g, i) => 0.9 * (state.m?.[i] ?? 0) + 0.1 * g);
  state.v = grad.map((g, i) => 0.999 * (state.v?.[i] ?? 0) + 0.001 * g * g);
  return { m: state.m, v: state.v };
}
/** @optimizerStep adam lr=0.01 */
export function right(params: number[], grad: number[], state: State, t: number): number[] {
  const { m, v } = moments(grad, state);
  return params.map((p, i) => p - (0.01 * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-8));
}
/** @optimizerStep adam lr=0.01 */
export function wrong(params: number[], grad: number[], state: State, t: number): number[] {
  const { m, v } = moments(grad, state);
  return params.map((p, i) => p - (0.01 * m[i]!) / (Math.sqrt(v[i]!) + 1e-8));
}
/** @optimizerStep adam lr=0.01 */
export function nothing(params: number[]): void {}
/** @optimizerStep adam lr=0.01 */
export function throwing(params: number[]): void {
  throw new Error('not written yet');
}
`,
};

function adamscope(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: folderWith(files), encoding: 'utf8' });
}

function report(...args: string[]): Report {
  const { status, stdout, stderr } = adamscope(...args, '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout) as Report;
}

describe('adamscope compare', () => {
  it('tries every optimizer at its best learning rate, and names the one with the lowest final loss', () => {
    const { tables, charts, summary } = report('compare', 'fit.ts#banana');
    const [{ rows }] = tables as [Report['tables'][number]];
    expect(
      rows
        .map(({ cells }) => cells[0])
        .slice(1)
        .sort(),
    ).toEqual([...optimizerNames].sort());
    const finals = rows.slice(1).map(({ cells }) => Number(cells[2]));
    expect(finals).toEqual(finals.toSorted((a, b) => a - b));
    expect(rows[1]!.verdict).toBe('best');
    expect(summary).toContain(rows[1]!.cells[0]!);
    expect(charts[0]!.lines.length).toBe(optimizerNames.length + 1);
    const { name, lr } = rows[1]!.patch!.optimizer as { name: string; lr: number };
    const run = adamscope('run', 'fit.ts#banana', '--optimizer', name, '--lr', String(lr), '--json');
    // A run with the configuration of a row reaches the loss that the row shows.
    expect(JSON.parse(run.stdout).final.loss.toPrecision(4)).toBe(Number(rows[1]!.cells[2]).toPrecision(4));
  });

  it('compares only the optimizers that are named, and reports an unknown name', () => {
    const { tables } = report('compare', 'fit.ts#banana', '--optimizers', 'sgd,adamw');
    expect(
      tables[0]!.rows
        .map(({ cells }) => cells[0])
        .slice(1)
        .sort(),
    ).toEqual(['adamw', 'sgd']);
    const { status, stderr } = adamscope('compare', 'fit.ts#banana', '--optimizers', 'adamx');
    expect(status).toBe(2);
    expect(stderr).toContain('unknown optimizer adamx');
  });

  it('reports the step at which the dialects of an optimizer differ', () => {
    const { tables, summary } = report('compare', 'fit.ts#banana', '--dialects');
    const byName = new Map(tables[0]!.rows.map(({ cells }) => [cells[0]!, cells] as const));
    expect([...byName.keys()]).toEqual(['torch', 'optax', 'keras', 'tfjs', 'paper']);
    expect(byName.get('optax')![2]).toBe('never');
    expect(byName.get('keras')!.slice(1, 4)).toEqual(['eps 1e-7', '1', 'preconditioner of a']);
    expect(summary).toMatch(/keras|tfjs/);
  });

  it('runs several orders of the data', () => {
    const { tables, summary } = report('compare', 'fit.ts#noisy', '--orders', '4');
    expect(tables[0]!.rows.map(({ cells }) => cells[0])).toEqual(['0', '1', '2', '3']);
    expect(new Set(tables[0]!.rows.map(({ cells }) => cells[1])).size).toBe(4);
    expect(summary).toContain('4 orders');
    expect(report('compare', 'fit.ts#banana', '--orders', '2').summary).toContain(
      'All seeds give the same run',
    );
  });

  it('reports an error that a loss throws at the start, with its line', () => {
    const { status, stderr } = adamscope('compare', 'fit.ts#broken');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^adamscope: fit\.ts:24:\d+: .*no data/);
  });

  it('rejects a count of zero', () => {
    const { status, stderr } = adamscope('compare', 'fit.ts#noisy', '--orders', '0');
    expect([status, stderr]).toEqual([2, 'adamscope: --orders must be an integer from 1 to 100, got 0\n']);
  });
});

describe('adamscope lr-range', () => {
  it('suggests a learning rate that works, with its curve', () => {
    const { tables, charts, summary } = report('lr-range', 'fit.ts#banana');
    expect(tables[0]!.rows.map(({ cells }) => cells[0])).toEqual([
      'valley',
      'minimum/10',
      'steepest',
      'slide',
    ]);
    const best = tables[0]!.rows.find(({ verdict }) => verdict === 'best');
    expect(summary).toContain(`lr ${best!.cells[1]}`);
    expect(charts[0]!.marks.length).toBeGreaterThanOrEqual(2);
    const { lr } = best!.patch!.optimizer as { lr: number };
    const { stdout } = adamscope('run', 'fit.ts#banana', '--lr', String(lr), '--json');
    expect(JSON.parse(stdout).final.loss).toBeLessThan(24.2 / 5);
  });

  it('sweeps a stochastic loss over seeds', () => {
    const { tables } = report('lr-range', 'fit.ts#noisy', '--seeds', '3');
    expect(tables[0]!.rows.some(({ cells }) => /\d to \d/.test(cells[2]!))).toBe(true);
  });
});

describe('adamscope invariances', () => {
  it('shows the invariances of Adam and those of sgd on a loss', () => {
    const verdictOf = (rows: Report['tables'][number]['rows'], name: string) =>
      rows.find(({ cells }) => cells[0]!.startsWith(name));
    const adam = report('invariances', 'fit.ts#banana').tables[0]!.rows;
    expect(verdictOf(adam, 'loss × 10')).toMatchObject({ verdict: 'pass' });
    expect(verdictOf(adam, 'loss × 10')!.cells[1]).toBe('same path');
    expect(verdictOf(adam, 'coordinates rotated')!.cells[1]).toBe('different path');
    const sgd = report('invariances', 'fit.ts#banana', '--optimizer', 'sgd', '--lr', '1e-4').tables[0]!.rows;
    expect(verdictOf(sgd, 'loss × 10')!.cells[1]).toBe('different path');
    expect(verdictOf(sgd, 'coordinates rotated')!.cells[1]).toBe('same path');
  });

  it('passes a correct optimizer step, and reports the bug of a wrong one', () => {
    const right = adamscope('invariances', 'steps.ts#right');
    expect([right.status, right.stderr]).toEqual([0, '']);
    expect(right.stdout).toContain('Your step equals adam');
    const wrong = adamscope('invariances', 'steps.ts#wrong');
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toContain('no-bias-correction');
    // The first step is 3.2 times as long as the longest possible step of Adam.
    expect(wrong.stdout).toMatch(
      /steps\.ts:13:17: info: .*\[step-bound\]\n +Step \d+ moves coordinate \d by .* explains it: no-bias-correction\.\n.*\n$/,
    );
    const { findings } = JSON.parse(adamscope('invariances', 'steps.ts#wrong', '--json').stdout) as Report;
    expect(findings).toMatchObject([
      {
        code: 'step-bound',
        severity: 'info',
        fixes: [],
        location: { file: 'steps.ts', line: 13, column: 17 },
      },
    ]);
    const broken = adamscope('invariances', 'steps.ts#nothing');
    expect(broken.status).toBe(1);
    expect(adamscope('invariances', 'steps.ts#throwing').stdout).toMatch(
      /throws at step 1: not written yet\. Thrown at steps\.ts:\d+:9\.\n/,
    );
  });
});

describe('adamscope options', () => {
  it('lists every optimizer and schedule of the registries', () => {
    const { status, stdout } = adamscope('options');
    expect(status).toBe(0);
    for (const name of [...optimizerNames, ...scheduleNames]) expect(stdout).toContain(`  ${name} `);
  });

  it('lists the options of one optimizer with defaults and ranges', () => {
    const { stdout } = adamscope('options', 'adam');
    expect(stdout).toMatch(/beta2 {2}Decay rate of the second moment.* Default 0\.999; 0 <= beta2 < 1\./);
    expect(adamscope('options', 'adamant').status).toBe(2);
  });
});
