/**
 * Measures how long a user waits for the first step: from the start of a job to its first record, on a small
 * loss, with and without a spare process. Also measures the recorded steps per second that the host receives,
 * and the growth of the host's memory during a run that keeps no steps.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveConfig } from '../../src/core/config/resolve';
import { JobProcesses } from '../../src/runner/jobProcesses';
import { RunJob } from '../../src/runner/runJob';
import { median, report } from './report';

const rounds = 15;
const manySteps = 300_000;
const limits = { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 };
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-bench-'));
const file = path.join(folder, 'bowl.mjs');
writeFileSync(file, 'export const loss = ([x, y]) => x * x + 10 * y * y;\n');
const location = { file, line: 1, column: 14, endLine: 1, endColumn: 18 };
const processFile = path.join(__dirname, '../../jobProcess.js');

/** @returns the milliseconds to the first record, and the steps per second from then to the end */
async function timed(jobs: JobProcesses, steps: number) {
  const { config } = resolveConfig([{ steps, start: [3, 4] }]);
  const from = performance.now();
  let first = 0;
  const run = new RunJob(jobs, {
    config,
    limits,
    diagnosis: 'off',
    source: {
      language: 'javascript',
      file,
      exportName: 'loss',
      lossName: 'loss',
      location,
      parameterName: null,
      form: { vector: { kind: 'array' }, context: true },
      startExport: null,
      gradient: null,
      validation: null,
      texts: [],
    },
  });
  run.open({
    onRecord() {
      first ||= performance.now();
    },
  });
  const { problems } = await run.ended;
  if (problems.length > 0) throw new Error(problems[0]!.message);
  const end = performance.now();
  return { firstMs: first - from, stepsPerSecond: (1000 * steps) / (end - first) };
}

async function main(): Promise<void> {
  const cold = new JobProcesses(processFile, { keepsSpare: false });
  const withSpare = new JobProcesses(processFile, { keepsSpare: true });
  await timed(cold, 100);
  const coldMs: number[] = [];
  const warmMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    coldMs.push((await timed(cold, 100)).firstMs);
    withSpare.warm(limits.memoryLimitMb);
    await sleep(400);
    warmMs.push((await timed(withSpare, 100)).firstMs);
  }
  const rssBefore = process.memoryUsage.rss();
  const rates: number[] = [];
  for (let round = 0; round < 3; round++) rates.push((await timed(cold, manySteps)).stepsPerSecond);
  const grownMb = (process.memoryUsage.rss() - rssBefore) / 2 ** 20;
  cold.dispose();
  withSpare.dispose();
  rmSync(folder, { recursive: true });
  report('job start to first record, spare process', median(warmMs), 'ms');
  report('job start to first record, no spare process', median(coldMs), 'ms');
  report('recorded steps a second', median(rates), 'steps/s');
  report('growth of the host over 900,000 steps', grownMb, 'MB');
}

void main();
