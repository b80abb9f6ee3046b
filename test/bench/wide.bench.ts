/**
 * Measures runs of 50 steps with a million coordinates, from the first evaluation to the end, with all records sent to the host:
 * without diagnosis, compared with a bare loop of the same gradient and the Adam kernel; and with full diagnosis, compared with
 * that run. The three alternate.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveConfig } from '../../src/core/config/resolve';
import type { DiagnosisLevel } from '../../src/core/diagnosis/diagnose';
import { createAdamKernel } from '../../src/core/kernels/createAdamKernel';
import { JobProcesses } from '../../src/runner/jobProcesses';
import { RunJob } from '../../src/runner/runJob';
import { median, report } from './report';
import { sourceIn } from './sourceIn';

const dim = 1_000_000;
const steps = 50;
const rounds = Number(process.env.ROUNDS ?? 3);
const text = `
export const lossStart = Float64Array.from({ length: ${dim} }, (_, i) => Math.sin(i));
/** @param {Float64Array} w */
export function loss(w) {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += (1 + (i % 10)) * w[i] * w[i];
  return sum;
}
export function gradient(w) {
  const g = new Float64Array(w.length);
  for (let i = 0; i < w.length; i++) g[i] = 2 * (1 + (i % 10)) * w[i];
  return g;
}
`;
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-bench-'));
const file = path.join(folder, 'wide.mjs');
writeFileSync(file, text);
const jobs = new JobProcesses(path.join(__dirname, '../../jobProcess.js'), { keepsSpare: false });
const form = { vector: { kind: 'Float64Array' }, context: false } as const;

interface Functions {
  readonly lossStart: Float64Array;
  loss(w: Float64Array): number;
  gradient(w: Float64Array): Float64Array;
}

/** Adam with the kernel, on the loss and its gradient. Records nothing. @returns seconds */
function bareLoop({ lossStart, loss, gradient }: Functions): number {
  const kernel = createAdamKernel(dim, false);
  const params = kernel.vector();
  const grad = kernel.vector();
  params.set(lossStart);
  let sum = 0;
  const from = performance.now();
  for (let t = 1; t <= steps; t++) {
    sum += loss(params);
    grad.set(gradient(params));
    const root = Math.sqrt(1 - 0.999 ** t);
    const stepSize = (0.001 * root) / (1 - 0.9 ** t);
    kernel.step(params, grad, {
      decay: 1,
      l2: 0,
      beta1: 0.9,
      beta2: 0.999,
      stepSize,
      eps: 1e-8 * root,
      maxDivisor: 1,
    });
  }
  if (!(sum > 0)) throw new Error(`the bare loop went to ${sum}`);
  return (performance.now() - from) / 1000;
}

/** @returns seconds */
async function recorded(diagnosis: DiagnosisLevel): Promise<number> {
  const { config } = resolveConfig([{ steps }]);
  let from = 0;
  let records = 0;
  const run = new RunJob(jobs, {
    config,
    diagnosis,
    limits: { evaluationTimeoutMs: 60_000, memoryLimitMb: 8192 },
    source: sourceIn(file, form, 'lossStart'),
  });
  run.open({
    onOpened() {
      from = performance.now();
    },
    onRecord: () => records++,
  });
  const { problems, outcome } = await run.ended;
  if (problems.length > 0 || records !== steps)
    throw new Error(`the recorded run went wrong: ${JSON.stringify(problems)} ${outcome?.steps}`);
  return (performance.now() - from) / 1000;
}

async function main(): Promise<void> {
  const functions = (await import(file)) as Functions;
  bareLoop(functions);
  const bare: number[] = [];
  const off: number[] = [];
  const full: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(bareLoop(functions));
    off.push(await recorded('off'));
    full.push(await recorded('full'));
  }
  rmSync(folder, { recursive: true });
  const ratios = (a: readonly number[], b: readonly number[]) => median(a.map((each, i) => each / b[i]!));
  report('bare loop, 1e6 coordinates, 50 steps', median(bare), 's');
  report('run without diagnosis over bare loop, 1e6', ratios(off, bare), 'ratio', { atMost: 3 });
  report('run with full diagnosis over run without, 1e6', ratios(full, off), 'ratio', { atMost: 1.5 });
}

void main();
