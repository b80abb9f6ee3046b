import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const source = `
/** @loss @start [0, 0] */
export function ridge(w: number[], lambda = 0.1): number {
  return w.reduce((s, x) => s + (x - 1) ** 2 + lambda * x * x, 0);
}
/** @loss @start [0, 0] */
export function fit(w: number[], data?: number[][]): number {
  return (data ?? [[1, 2], [2, 4]]).reduce((s, [x, y]) => s + (w[0] * x + w[1] - y) ** 2, 0);
}
/** @loss
 * @start {"b": 0.5, "a": 0.25} */
export function object({ a, b }: { a: number; b: number }): number { return (a - 1) ** 2 + b * b; }
/** @loss
 * @start a=0 b=1
 * @gradient slopes
 * @validation held
 * @samples 4 @batch 2 @epochs 2 */
export function named(p, { indices }) { return indices.reduce((s, i) => s + (p.a * i - p.b) ** 2, 0); }
export const slopes = ({ b, a }, { indices }) => ({
  b: indices.reduce((s, i) => s - 2 * (a * i - b), 0),
  a: indices.reduce((s, i) => s + 2 * i * (a * i - b), 0),
});
export const held = ({ a }, scale = 2) => scale * a;
/** @loss @start [1, 2] */
export function two(x: number, y: number): number { return x * x + 3 * y * y; }
/** @loss @start [1, 2, 3] */
export function rest(...p: number[]): number { return p.reduce((s, x, i) => s + i * x * x, 0); }
export const objectStart = { a: 7, b: 7 };
export const shifted = ({ a, b }: { a: number; b: number }) => a * b;
export const shiftedStart = { b: 3, a: 2 };
/** @loss */
export const unknown = ({ a, b }: { a: number; b: number }) => a * b;
/** @loss @start [1] */
export function text(w: string): number { return w.length; }
/** @loss @start [1] @samples 3 */
export function batchless(w: number[]): number { return w[0] ** 2; }
const make = (k: number) => (w: Float64Array) => w.map((x) => k * x * x)[0];
/** @loss @start [3] */
export const made = make(2);
/** @loss @start [2] */
export const unfilled = (w: number[], scale: number): number => w[0] ** 2 * (scale ?? 1);
import type { Pair } from './shapes';
/** @loss @start [2, 3] */
export const pairLoss = (p: Pair): number => p.low * p.high ** 2;
/** @loss @steps 3 @group net.b lr=0.5 */
export const net = (w: number[]): number => w.reduce((s, x, i) => s + (1 + i) * x * x, 0);
export const netStart = { net: { w: [[1, 2], [3, 4]], b: Float64Array.of(5, 6) }, scale: 7 };
/** @loss @group q lr=1 */
export const ungrouped = (w: number[]): number => w[0] ** 2;
export const ungroupedStart = { w: [1, 2] };
export class Model {
  static scale = 5;
  /** @loss @start [1, 1] */
  static loss(w: number[]): number { return this.scale * w[0] * w[1]; }
}
`;

const folder = () =>
  folderWith({
    'forms.ts': source,
    'index.ts': "export { Model, two as pair } from './forms';\n",
    'model.cjs': `class Base {
  static scale = 2;
  /** @loss @start [1] */
  static loss(w) { return this.scale * w[0] ** 2; }
}
exports.Model = class Model extends Base { static scale = 3; };
exports.Base = Base;
`,
    'all.cjs': "module.exports = require('./model.cjs');\n",
    'one.cjs': "exports.Best = require('./model').Model;\n",
    'shapes.ts': 'export interface Pair { low: number; high: number }\n',
  });

function adamscope(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the forms in which a loss takes its vector', () => {
  const rows: readonly (readonly [loss: string, at: string, value: number, grad: readonly number[]])[] = [
    ['forms.ts#ridge', '0.5,2', 0.25 + 1 + 0.1 * 4.25, [-0.9, 2.4]],
    ['forms.ts#fit', '0.5,2', 0.25 + 1, [-3, -1]],
    ['forms.ts#object', '0.5,2', 4.25, [-1, 4]],
    ['forms.ts#object', 'b=2,a=3', 8, [4, 4]],
    ['forms.ts#object', '{"b": 2, "a": 3}', 8, [4, 4]],
    // The other number is that of @start.
    ['forms.ts#object', 'a=3', 4.25, [4, 1]],
    ['forms.ts#two', '1,2', 13, [2, 12]],
    ['forms.ts#two', 'y=2,x=1', 13, [2, 12]],
    ['forms.ts#rest', '1,2,3', 22, [0, 4, 12]],
    ['forms.ts#made', '3', 18, [12]],
    ['forms.ts#Model.loss', '1,2', 10, [10, 5]],
    ['index.ts#Model.loss', '1,2', 10, [10, 5]],
    ['index.ts#pair', '1,2', 13, [2, 12]],
    ['model.cjs#Base.loss', '2', 8, [8]],
    ['model.cjs#Model.loss', '2', 12, [12]],
    ['all.cjs#Model.loss', '2', 12, [12]],
    ['one.cjs#Best.loss', '2', 12, [12]],
    // The type of the parameter is that of another file.
    ['forms.ts#pairLoss', 'high=3,low=5', 45, [9, 30]],
  ];
  it.each(rows)('grad %s --at %s', (loss, at, value, grad) => {
    const { status, stdout, stderr } = adamscope(folder(), 'grad', loss, '--at', at, '--json');
    expect([status, stderr]).toEqual([0, '']);
    const printed = JSON.parse(stdout);
    expect(printed.gradientMode).toBe('exact');
    expect(printed.value).toBeCloseTo(value, 12);
    expect(printed.grad).toHaveLength(grad.length);
    for (const [i, each] of grad.entries()) expect(printed.grad[i]).toBeCloseTo(each, 12);
  });

  it('are named by a start that is built of arrays and objects', () => {
    const cwd = folder();
    const out = path.join(cwd, 'net.adamscope');
    expect(adamscope(cwd, 'run', 'forms.ts#net', '--no-verify', '--out', out)).toMatchObject({ status: 0 });
    const [head, first] = adamscope(cwd, 'export', out, '--format', 'csv').stdout.split('\n');
    const columns = head!.split(',');
    const params = columns.filter((column) => column.startsWith('params['));
    const names = [
      'net.w[0][0]',
      'net.w[0][1]',
      'net.w[1][0]',
      'net.w[1][1]',
      'net.b[0]',
      'net.b[1]',
      'scale',
    ];
    expect(params).toEqual(names.map((name) => `params[${name}]`));
    // The learning rate of the group is that of its arrays.
    const update = (name: string) => Number(first!.split(',')[columns.indexOf(`update[${name}]`)]);
    expect(update('net.b[0]')).toBeCloseTo(-0.5, 6);
    expect(update('net.w[0][0]')).toBeCloseTo(-0.001, 6);
    expect(adamscope(cwd, 'replay', out).stdout).toContain('The run repeats bit for bit');
    const { status, stderr } = adamscope(cwd, 'run', 'forms.ts#ungrouped');
    expect(status).toBe(2);
    expect(stderr).toMatch(/forms\.ts:\d+:\d+: the group names q, which is no parameter .*: w\[0\.\.1\]/);
  });

  it.each(['grad', 'run'])('%s warns of a parameter that gets no argument', (command) => {
    const more = command === 'run' ? ['--steps', '1', '--no-verify'] : [];
    const { status, stderr } = adamscope(folder(), command, 'forms.ts#unfilled', ...more);
    expect(stderr).toMatch(
      /^adamscope: warning: forms\.ts:\d+:39: unfilled is called without scale, .*give scale a default$/m,
    );
    expect(status).toBe(0);
  });

  it('list shows the names and the start in the order of the coordinates', () => {
    const { stdout } = adamscope(folder(), 'list', 'forms.ts', '--json');
    const losses = JSON.parse(stdout) as {
      name: string;
      dim: number;
      start: number[];
      config: { names: string[] };
    }[];
    const object = losses.find(({ name }) => name === 'object');
    expect(object).toMatchObject({ dim: 2, start: [0.25, 0.5], config: { names: ['a', 'b'] } });
    expect(losses.map(({ name }) => name)).toContain('Model.loss');
  });

  it('run calls the loss, its gradient and its validation loss in their own forms', () => {
    const { status, stdout, stderr } = adamscope(folder(), 'run', 'forms.ts#named', '--no-verify', '--json');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { gradientMode, steps, findings, best, config } = JSON.parse(stdout);
    expect({ gradientMode, steps, names: config.names }).toEqual({
      gradientMode: 'provided',
      steps: 4,
      names: ['a', 'b'],
    });
    // A validation loss of 2 a: it is smallest at the start, or where a decreases.
    expect(best.loss).toBeLessThanOrEqual(0);
    expect(findings.map(({ code }: { code: string }) => code)).not.toContain('gradient-mismatch');
  });

  it('run starts at an exported object', () => {
    const { stdout } = adamscope(
      folder(),
      'run',
      'forms.ts#shifted',
      '--steps',
      '1',
      '--lr',
      '0',
      '--no-verify',
      '--json',
    );
    expect(JSON.parse(stdout).final.params).toEqual([2, 3]);
  });

  it('run --start accepts names', () => {
    const args = [
      'run',
      'forms.ts#object',
      '--start',
      'b=1,a=1',
      '--steps',
      '1',
      '--lr',
      '0',
      '--no-verify',
      '--json',
    ];
    expect(JSON.parse(adamscope(folder(), ...args).stdout).final).toMatchObject({ params: [1, 1], loss: 1 });
  });

  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['run', 'forms.ts#text'], /forms\.ts:\d+:\d+: text takes no vector of numbers: w is typed string/],
    [['run', 'forms.ts#batchless'], /forms\.ts:\d+:\d+: batchless does not ask for the mini-batch/],
    [['grad', 'forms.ts#object', '--at', 'a=1,c=2'], /start has a value for c, but object takes a, b/],
    [['run', 'forms.ts#unknown'], /unknown: pass --start a=0,b=0 or write @start a=0 b=0 above/],
    [['grad', 'forms.ts#two', '--at', 'x=1'], /start has no value for y/],
    [['grad', 'forms.ts#two', '--at', 'x=one,y=2'], /--at must have a number for each name/],
    [['grad', 'forms.ts#two', '--at', '1,2,3'], /start has 3 numbers, but two takes 2 \(x, y\)/],
  ];
  it.each(wrong)('%j fails with one clear line', (args, message) => {
    const { status, stdout, stderr } = adamscope(folder(), ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
