/**
 * Measures the cost of recording every value of every step: a million Adam steps on the 2-D Rosenbrock
 * function in the worker, with all records sent to the host and stored in the trace. Compared with a bare
 * loop that uses the same loss and gradient functions.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CallForm } from '../../src/core/callForm';
import { resolveConfig } from '../../src/core/config/resolve';
import type { DiagnosisLevel } from '../../src/core/diagnosis/diagnose';
import { Trace } from '../../src/core/trace/trace';
import { JobProcesses } from '../../src/runner/jobProcesses';
import { RunJob } from '../../src/runner/runJob';
import { median, report } from './report';
import { sourceIn } from './sourceIn';

const steps = 1_000_000;
const text = `
export const loss = ([x, y]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2;
export const gradient = ([x, y]) => {
  const valley = y - x * x;
  return [-400 * x * valley - 2 * (1 - x), 200 * valley];
};
`;
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-bench-'));
const file = path.join(folder, 'rosenbrock.mjs');
writeFileSync(file, text);

const jobs = new JobProcesses(path.join(__dirname, '../../jobProcess.js'), { keepsSpare: false });

type Functions = { loss(p: number[]): number; gradient(p: number[]): number[] };

const form: CallForm = { vector: { kind: 'array' }, context: true };

/** Adam in its textbook form, as a user would write it in a loop. Records nothing. */
function bareLoop({ loss, gradient }: Functions): number {
  const params = [-1.2, 1];
  const m = [0, 0];
  const v = [0, 0];
  let last = 0;
  const start = performance.now();
  for (let t = 1; t <= steps; t++) {
    last = loss(params);
    const g = gradient(params);
    for (let i = 0; i < 2; i++) {
      m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
      v[i] = 0.999 * v[i]! + 0.001 * g[i]! * g[i]!;
      const mHat = m[i]! / (1 - 0.9 ** t);
      const vHat = v[i]! / (1 - 0.999 ** t);
      params[i]! -= (0.001 * mHat) / (Math.sqrt(vHat) + 1e-8);
    }
  }
  if (!(last < 1)) throw new Error(`the bare loop went to ${last}`);
  return performance.now() - start;
}

async function recorded(diagnosis: DiagnosisLevel): Promise<number> {
  const { config } = resolveConfig([{ steps, start: [-1.2, 1] }]);
  let start = 0;
  let trace: Trace | null = null;
  const run = new RunJob(jobs, {
    config,
    diagnosis,
    limits: { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 },
    source: sourceIn(file, form),
  });
  run.open({
    onOpened({ layout, start: theta }) {
      start = performance.now();
      trace = new Trace(layout, theta);
    },
    onRecord: (data, offset) => trace?.append(data, offset),
  });
  const { problems, outcome } = await run.ended;
  if (problems.length > 0 || trace!.steps !== steps || trace!.stride !== 1)
    throw new Error(`the recorded run went wrong: ${JSON.stringify(problems)} ${outcome?.steps}`);
  return performance.now() - start;
}

async function main(): Promise<void> {
  const functions = (await import(file)) as Functions;
  bareLoop(functions);
  await recorded('off');
  const ratios: number[] = [];
  const full: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 5; round++) {
    bare.push(bareLoop(functions));
    ratios.push((await recorded('off')) / bare.at(-1)!);
    full.push((await recorded('full')) / bare.at(-1)!);
  }
  rmSync(folder, { recursive: true });
  report('bare Adam loop, Rosenbrock 2-D', (median(bare) * 1e6) / steps, 'ns/step');
  report('recorded run over bare loop', median(ratios), 'ratio', { atMost: 6 });
  // The cost of the diagnosis has separate goals: see diagnosis.bench.ts.
  report('recorded and diagnosed run over bare loop', median(full), 'ratio');
}

void main();
