/**
 * Measures one Adam step over a vector of parameters. Compares the WebAssembly kernel and the JavaScript loop
 * with the same loop in C and with torch, all on one thread. The implementations run alternately; the result
 * is the median of the ratios over the rounds.
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
/** The number of coordinate updates of an implementation in one round: 100 ms at 5 ns each. */
const updatesPerRound = 2e7;
/**
 * The maximum number of torch steps in one round. With 1e2 coordinates they take 50 ms, mostly for the calls.
 */
const mostTorchSteps = 2000;

/** The goals: the maximum time of the kernel relative to the time of other implementations, by dimension. */
const goals: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  1e2: { torch: 1 / 80 },
  1e4: { C: 1.3, 'C, vectorized': 1.3, torch: 1 / 2.5 },
  1e6: { C: 1.3, 'C, vectorized': 1.3, torch: 1 / 2.5 },
  1e7: { C: 1.3, 'C, vectorized': 1.3 },
};

interface Implementation {
  readonly name: string;
  readonly mostSteps: number;
  /** Creates new vectors and takes three steps. @returns the last parameter */
  start(dim: number): Promise<number> | number;
  /** @returns the nanoseconds that the steps took */
  run(steps: number): Promise<number> | number;
}

const source = (name: string) => path.join(__dirname, '../../../test/bench', name);

/** The scalars of the first thousand steps. All implementations except torch use them cyclically. */
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

class Ours implements Implementation {
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

class Theirs implements Implementation {
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

/** @returns nanoseconds per parameter in each round, by the name of the implementation */
async function measure(
  implementations: readonly Implementation[],
  dim: number,
): Promise<Map<string, number[]>> {
  const ends = await Promise.all(implementations.map((implementation) => implementation.start(dim)));
  for (const [k, end] of ends.entries())
    if (!(Math.abs(end - ends[0]!) < 1e-12))
      throw new Error(`${implementations[k]!.name} computes ${end}, not ${ends[0]}`);
  const times = new Map<string, number[]>(implementations.map(({ name }) => [name, []]));
  // The first round is a warm-up for the compilers and the caches.
  for (let round = 0; round <= rounds; round++) {
    for (const implementation of implementations) {
      const steps = Math.min(implementation.mostSteps, Math.ceil(updatesPerRound / dim));
      const time = await implementation.run(steps);
      if (round > 0) times.get(implementation.name)!.push(time / steps / dim);
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
    // Without -fno-math-errno, sqrt must be able to set errno, so gcc 12 does not vectorize the loop. With
    // it, gcc uses the full vector width of the processor. WebAssembly vectors have two numbers, so the
    // kernel uses only a part of it.
    ...compiledC('C, in pairs', folder, ['-fno-math-errno', '-mprefer-vector-width=128']),
    ...compiledC('C, vectorized', folder, ['-fno-math-errno']),
    ...torch(),
  ];
  const implementations = [
    new Ours('WebAssembly', createAdamKernel),
    new Ours('JavaScript', createPlainKernel),
    ...theirs,
  ];
  const names = implementations.map(({ name }) => name);
  const base = names.includes('C') ? 'C' : 'JavaScript';
  const cells = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const dim of dims) {
    const times = await measure(implementations, dim);
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
