import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const losses = `/**
 * @loss
 * @start [3, 2]
 * @optimizer sgd
 * @steps 60
 */
export function bowl([x, y]: number[]): number {
  return 0.5 * (10 * x * x + y * y);
}
/** @loss
 * @start [1]
 * @optimizer adam lr=0.001 */
export async function slow([x]: number[], { step }: { step: number }): Promise<number> {
  if (x < 0.97) await new Promise((resolve) => setTimeout(resolve, 5000));
  return x * x;
}
/** @loss
 * @start [1] */
export function throwing([x]: number[]): number { if (x < 0.5) throw new Error('below a half'); return x * x; }
`;

function adamscope(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const grid = ['sweep', 'fit.ts#bowl', '--x', 'optimizer.lr=0.01,0.1,0.3', '--y', 'momentum=0,0.5'];

describe('adamscope sweep', () => {
  it('prints a table with the final loss or the verdict of each run, and the best of them', () => {
    const { status, stdout, stderr } = adamscope(folderWith({ 'fit.ts': losses }), ...grid);
    expect([status, stderr]).toEqual([0, '']);
    const [title, heads, first, second, best] = stdout.split('\n');
    expect(title).toBe(
      'bowl: final loss or verdict, by optimizer.lr (columns) and optimizer.momentum (rows)',
    );
    expect(heads!.trim().split(/ +/)).toEqual(['0.01', '0.1', '0.3']);
    // Gradient descent on curvature 10 is stable below 2/10, with momentum 0.5 below 3/10.
    expect(first!.trim().split(/ +/)).toEqual([
      '0',
      expect.stringMatching(/^0\.59/),
      expect.any(String),
      'diverged*',
    ]);
    expect(second!.trim().split(/ +/)[0]).toBe('0.5');
    expect(best).toMatch(
      /^best: final loss \S+ at optimizer\.lr = 0\.1, optimizer\.momentum = 0\.5 \(\S+\)$/,
    );
  });

  it('prints the cells as JSON, and goes on from the runs that it has kept', () => {
    const cwd = folderWith({ 'fit.ts': losses });
    const first = JSON.parse(adamscope(cwd, ...grid, '--json', '--out', 'runs').stdout);
    expect(first).toMatchObject({
      loss: { file: 'fit.ts', name: 'bowl' },
      x: { path: 'optimizer.lr', values: [0.01, 0.1, 0.3] },
      y: { path: 'optimizer.momentum', values: [0, 0.5] },
    });
    expect(first.cells).toHaveLength(6);
    expect(first.cells[2]).toEqual({
      x: 0.3,
      y: 0,
      loss: expect.any(Number),
      verdict: 'diverged',
      steps: 60,
      stopped: 'steps',
      crossing: { step: expect.any(Number), stability: expect.closeTo(3, 6), limit: expect.closeTo(2, 6) },
      file: 'runs/bowl,lr=0.3,momentum=0.adamscope',
    });
    expect(first.cells[0].crossing).toBe(null);
    const timesOf = () =>
      readdirSync(path.join(cwd, 'runs')).map((file) => statSync(path.join(cwd, 'runs', file)).mtimeMs);
    const times = timesOf();
    expect(times).toHaveLength(6);
    const again = JSON.parse(adamscope(cwd, ...grid, '--json', '--out', 'runs').stdout);
    expect([again, timesOf()]).toEqual([first, times]);
    // A kept run is a run file, one cut by a crash is made again, and so are all after a change of the loss.
    expect(adamscope(cwd, 'diff', first.cells[0].file, first.cells[1].file).stdout).toMatch(
      /^optimizer\.lr: 0\.01 and 0\.1\n/,
    );
    const cut = path.join(cwd, first.cells[0].file);
    writeFileSync(cut, readFileSync(cut).subarray(0, 5000));
    expect(JSON.parse(adamscope(cwd, ...grid, '--json', '--out', 'runs').stdout)).toEqual(first);
    expect(timesOf().filter((time, i) => time !== times[i])).toHaveLength(1);
    writeFileSync(path.join(cwd, 'fit.ts'), losses.replace('10 * x', '11 * x'));
    const changed = JSON.parse(adamscope(cwd, ...grid, '--json', '--out', 'runs').stdout);
    expect(changed.cells[2].crossing.stability).toBeCloseTo(3.3, 6);
    expect(timesOf().filter((time, i) => time === times[i])).toHaveLength(0);
  }, 60_000);

  it('needs only one option, and shows where a loss throws', () => {
    const cwd = folderWith({ 'fit.ts': losses });
    const args = ['sweep', 'fit.ts#throwing', '--x', 'lr=1e-4,0.1', '--steps', '20'];
    const { status, stdout, stderr } = adamscope(cwd, ...args);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^adamscope: warning: .*below a half\n$/)]);
    expect(stdout.split('\n')[2]!.trim().split(/ +/)).toEqual([expect.stringMatching(/^0\.996/), 'broken']);
  });

  it('ends at Ctrl-C with the results so far, which the next sweep takes up', async () => {
    const cwd = folderWith({ 'fit.ts': losses });
    const args = [cli, 'sweep', 'fit.ts#slow', '--x', 'steps=5,10,2000,3000', '--json', '--out', 'runs'];
    const child = spawn(process.execPath, args, { cwd });
    let printed = '';
    child.stdout.on('data', (text) => {
      printed += text;
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    const third = path.join(cwd, 'runs/slow,steps=2000.adamscope');
    await expect
      .poll(() => statSync(third, { throwIfNoEntry: false })?.size ?? 0, { timeout: 25_000 })
      .toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    const { cells } = JSON.parse(printed) as { cells: { x: number }[] };
    expect(cells.map(({ x }) => x)).toEqual([5, 10]);
  }, 60_000);

  it.each([
    [['--x', 'lr=1..2'], /^adamscope: --x must be PATH=V1,V2/],
    [
      ['--x', 'optimizer.lrr=1,2'],
      /^adamscope: "lrr" is not an option of any optimizer; did you mean lr\?\n$/,
    ],
    [['--x', 'lr=1,-2'], /^adamscope: lr must be .*got -2\n$/],
    [
      ['--x', 'lr=1,2', '--y', 'optimizer.lr=1'],
      /^adamscope: both axes are optimizer\.lr; name two options\n$/,
    ],
    [
      ['--x', 'lr=1..2:log:900', '--y', 'momentum=0..0.9:linear:900'],
      /^adamscope: a sweep may have at most 10000 runs, and this one has 810000\n$/,
    ],
    [['--x', 'lr=1,2', '--out', 'fit.ts'], /^adamscope: --out: fit\.ts cannot be made: EEXIST\n$/],
    [[], /^adamscope: required option '--x <path=values>' not specified\n$/],
  ])('refuses %j in one line', (args, message) => {
    const { status, stdout, stderr } = adamscope(
      folderWith({ 'fit.ts': losses }),
      'sweep',
      'fit.ts#bowl',
      ...args,
    );
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  });
});
