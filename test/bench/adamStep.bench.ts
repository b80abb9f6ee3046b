/**
 * One Adam step over a vector of parameters: the kernel in WebAssembly and the loop in JavaScript, against the same loop in
 * C and against torch, all on one thread. The contestants take turns; of the ratios of the rounds the median counts.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AdamKernel } from '../../src/core/kernels/adamKernel';
import type { AdamScalars } from '../../src/core/kernels/adamLoop';
import { createAdamKernel, createPlainKernel } from '../../src/core/kernels/createAdamKernel';
import { LineProcess } from './lineProcess';
import { median, report } from './report';

const dims = [1e2, 1e4, 1e6, 1e7];
const rounds = 15;
/** Coordinates that a contestant works on at a turn; 100 ms at 5 ns each. */
const turn = 2e7;
/** Of torch's steps: at 1e2 it takes 50 ms for them, most of it for the calls. */
const mostTorchSteps = 2000;

/** What the kernel's time may be at most, relative to others'. */
const goals: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  1e2: { torch: 1 / 80 },
  1e4: { C: 1.3, 'C, vectorized': 1.3, torch: 1 / 2.5 },
  1e6: { C: 1.3, 'C, vectorized': 1.3, torch: 1 / 2.5 },
  1e7: { C: 1.3, 'C, vectorized': 1.3 },
};

interface Contestant {
  readonly name: string;
  readonly mostSteps: number;
  /** Makes the vectors anew and takes three steps. @returns the last parameter */
  start(dim: number): Promise<number> | number;
  /** @returns the nanoseconds that the steps took */
  run(steps: number): Promise<number> | number;
}

const source = (name: string) => path.join(__dirname, '../../../test/bench', name);

/** The numbers of the first thousand steps, which are gone through again and again: all contestants but torch do so. */
const scalars: readonly AdamScalars[] = Array.from({ length: 1000 }, (_, index) => {
  const rootCorrection2 = Math.sqrt(1 - 0.999 ** (index + 1));
  return {
    decay: 1,
    l2: 0,
    beta1: 0.9,
    beta2: 0.999,
    stepSize: (1e-3 * rootCorrection2) / (1 - 0.9 ** (index + 1)),
    eps: 1e-8 * rootCorrection2,
    maxDivisor: 1,
  };
});

class Ours implements Contestant {
  readonly mostSteps = Number.POSITIVE_INFINITY;
  readonly name: string;
  readonly #create: (dim: number, amsgrad: boolean) => AdamKernel;
  #kernel = createPlainKernel(0, false);
  #params: Float64Array = new Float64Array();
  #grad: Float64Array = new Float64Array();

  constructor(name: string, create: (dim: number, amsgrad: boolean) => AdamKernel) {
    this.name = name;
    this.#create = create;
  }

  start(dim: number): number {
    this.#kernel = this.#create(dim, false);
    this.#params = this.#kernel.vector();
    this.#grad = this.#kernel.vector();
    for (let i = 0; i < dim; i++) {
      this.#params[i] = (i % 7) / 7;
      this.#grad[i] = (i % 101) / 101 - 0.25;
    }
    this.run(3);
    return this.#params[dim - 1]!;
  }

  run(steps: number): number {
    const kernel = this.#kernel;
    const params = this.#params;
    const grad = this.#grad;
    const start = performance.now();
    for (let t = 0; t < steps; t++) kernel.step(params, grad, scalars[t % scalars.length]!);
    return (performance.now() - start) * 1e6;
  }
}

class Theirs implements Contestant {
  readonly name: string;
  readonly mostSteps: number;
  readonly process: LineProcess;

  constructor(name: string, process: LineProcess, mostSteps = Number.POSITIVE_INFINITY) {
    this.name = name;
    this.process = process;
    this.mostSteps = mostSteps;
  }

  start(dim: number): Promise<number> {
    return this.process.ask(`new ${dim}`);
  }

  run(steps: number): Promise<number> {
    return this.process.ask(`run ${steps}`);
  }
}

function compiledC(name: string, folder: string, flags: readonly string[]): Theirs[] {
  const program = path.join(folder, `adamStep${flags.length}`);
  const args = ['-O3', '-march=native', ...flags, '-o', program, source('adamStep.c'), '-lm'];
  const { status, stderr, error } = spawnSync('gcc', args, { encoding: 'utf8' });
  if (status === 0) return [new Theirs(name, new LineProcess(program, []))];
  console.error(`gcc does not run here, so there is no comparison with ${name}. ${error?.message ?? stderr}`);
  return [];
}

function torch(): Theirs[] {
  const python = '/usr/bin/python3';
  if (spawnSync(python, ['-c', 'import torch']).status !== 0) {
    console.error(`${python} has no torch, so there is no comparison with it.`);
    return [];
  }
  return [new Theirs('torch', new LineProcess(python, [source('adamStep.py')]), mostTorchSteps)];
}

/** @returns nanoseconds a parameter of every contestant's turns, by name */
async function race(contestants: readonly Contestant[], dim: number): Promise<Map<string, number[]>> {
  const ends = await Promise.all(contestants.map((contestant) => contestant.start(dim)));
  for (const [k, end] of ends.entries())
    if (!(Math.abs(end - ends[0]!) < 1e-12))
      throw new Error(`${contestants[k]!.name} computes ${end}, not ${ends[0]}`);
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  // The first round is for the compilers and the caches.
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const steps = Math.min(contestant.mostSteps, Math.ceil(turn / dim));
      const time = await contestant.run(steps);
      if (round > 0) times.get(contestant.name)!.push(time / steps / dim);
    }
  }
  return times;
}

function table(names: readonly string[], cells: ReadonlyMap<string, readonly number[]>): string {
  const header = ['', ...dims.map(shortDim)];
  const rows = names.map((name) => [name, ...cells.get(name)!.map((ratio) => ratio.toPrecision(3))]);
  return [header, ...rows]
    .map((row) => row.map((cell, k) => (k === 0 ? cell.padEnd(14) : cell.padStart(9))).join(''))
    .join('\n');
}

const shortDim = (dim: number) => dim.toExponential(0).replace('+', '');

async function compareIn(folder: string): Promise<void> {
  const theirs = [
    ...compiledC('C', folder, []),
    // Without -fno-math-errno, sqrt may have to set errno, and gcc 12 works on one coordinate at a time. With it, on as many as
    // the processor's vectors hold, where WebAssembly's hold two: a divider of more is only half used by the kernel.
    ...compiledC('C, in pairs', folder, ['-fno-math-errno', '-mprefer-vector-width=128']),
    ...compiledC('C, vectorized', folder, ['-fno-math-errno']),
    ...torch(),
  ];
  const contestants = [
    new Ours('WebAssembly', createAdamKernel),
    new Ours('JavaScript', createPlainKernel),
    ...theirs,
  ];
  const names = contestants.map(({ name }) => name);
  const base = names.includes('C') ? 'C' : 'JavaScript';
  const cells = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const dim of dims) {
    const times = await race(contestants, dim);
    const ratio = (name: string, to: string) =>
      median(times.get(name)!.map((time, round) => time / times.get(to)![round]!));
    for (const name of names) cells.get(name)!.push(ratio(name, base));
    report(`Adam step, dim ${shortDim(dim)}: ${base}`, median(times.get(base)!), 'ns/parameter');
    for (const name of names.slice(1)) {
      const atMost = goals[dim]?.[name];
      const title = `Adam step, dim ${shortDim(dim)}: WebAssembly over ${name}`;
      report(title, ratio('WebAssembly', name), 'ratio', atMost === undefined ? undefined : { atMost });
    }
  }
  for (const { process } of theirs) process.end();
  console.error(`Times relative to ${base} on ${os.cpus()[0]!.model}:\n${table(names, cells)}`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-bench-'));
  try {
    await compareIn(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
