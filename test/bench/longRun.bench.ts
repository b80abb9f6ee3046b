/**
 * Measures the memory of a run of ten million steps with two coordinates, with full diagnosis: that of the host, which keeps the trace,
 * and that of the job's process with its worker, each compared with the same run of a million steps. And the time that a window needs
 * at its start for 50 stored runs, five of a million coordinates.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveConfig } from '../../src/core/config/resolve';
import { Trace } from '../../src/core/trace/trace';
import { JobProcesses } from '../../src/runner/jobProcesses';
import { RunJob } from '../../src/runner/runJob';
import { DiskRunFiles } from '../../src/runs/files/diskRunFiles';
import { RunStore } from '../../src/runs/runStore';
import { median, report } from './report';
import { sourceIn } from './sourceIn';
import { storedRuns, writeStoredRuns } from './storedRuns';

const megabyte = 2 ** 20;
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-bench-'));
const file = path.join(folder, 'stream.mjs');
writeFileSync(
  file,
  `export const loss = ([x, y]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2;
export const gradient = ([x, y]) => [-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)];
`,
);
const jobs = new JobProcesses(path.join(__dirname, '../../jobProcess.js'), { keepsSpare: false });
const form = { vector: { kind: 'array' }, context: true } as const;

/** Megabytes that the children of this process have in memory. */
function childMegabytes(): number {
  const sizes = execFileSync('ps', ['-o', 'rss=', '--ppid', String(process.pid)])
    .toString()
    .trim()
    .split(/\s+/);
  return sizes.reduce((sum, size) => sum + Number(size), 0) / 1024;
}

async function memoryOf(steps: number): Promise<{ readonly host: number; readonly job: number }> {
  const before = process.memoryUsage().rss;
  let trace: Trace | null = null;
  let host = 0;
  let job = 0;
  const run = new RunJob(jobs, {
    config: resolveConfig([{ steps, start: [-1.2, 1] }]).config,
    diagnosis: 'full',
    limits: { evaluationTimeoutMs: 60_000, memoryLimitMb: 2048 },
    source: sourceIn(file, form),
  });
  run.open({
    onOpened(opened) {
      trace = new Trace(opened.layout, opened.start);
    },
    onRecord: (data, offset) => trace?.append(data, offset),
  });
  const timer = setInterval(() => {
    host = Math.max(host, (process.memoryUsage().rss - before) / megabyte);
    job = Math.max(job, childMegabytes());
  }, 200);
  const { problems } = await run.ended;
  clearInterval(timer);
  if (problems.length > 0) throw new Error(problems[0]!.message);
  return { host, job };
}

/** @returns the milliseconds that a window reads the records of its runs */
async function startTimes(): Promise<number[]> {
  const runs = path.join(folder, 'runs');
  await writeStoredRuns(runs);
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const store = new RunStore({
      files: new DiskRunFiles(runs),
      openSource: () => {
        throw new Error('nothing is run');
      },
    });
    const from = performance.now();
    await store.restore();
    times.push(performance.now() - from);
    if (store.history.length !== storedRuns) throw new Error(`${store.history.length} runs were restored`);
  }
  return times;
}

async function main(): Promise<void> {
  report('restoring 50 stored runs, 5 of 1e6 coordinates', median(await startTimes()), 'ms', { atMost: 500 });
  const short = await memoryOf(1_000_000);
  const long = await memoryOf(10_000_000);
  rmSync(folder, { recursive: true });
  // The trace of a run has at most 512 MB.
  report('host, 1e7 steps: memory of the run', long.host, 'MB', { atMost: 640 });
  report('job and worker, 1e7 steps: memory', long.job, 'MB', { atMost: 400 });
  // The engine leaves garbage where there is room, so this is no goal; a test holds that what is in use does not grow.
  report('job and worker, 1e7 steps over 1e6: memory', long.job / short.job, 'ratio');
}

void main();
