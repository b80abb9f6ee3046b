import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordPlaces } from '../../src/core/trace/layout';
import { discover } from '../../src/loss/discovery/discover';
import { planRun } from '../../src/loss/plan';
import { JobProcesses } from '../../src/runner/jobProcesses';
import { RunJob } from '../../src/runner/runJob';
import { jobFoldersOf, processesOf } from '../support/leftovers';
import { folderWith, processFile } from '../support/startRun';

const limits = { evaluationTimeoutMs: 10_000, memoryLimitMb: 512 };
const text = `/** @loss @start [1, 2] @steps 3 */
export function loss([x, y]) { return x * x + y * y; }
`;

function processes(): JobProcesses {
  const jobs = new JobProcesses(processFile, { keepsSpare: true });
  onTestFinished(() => jobs.dispose());
  return jobs;
}

/** The losses of a run of 3 steps with diagnosis. */
async function lossesOf(jobs: JobProcesses): Promise<number[]> {
  const file = path.join(folderWith({ 'loss.mjs': text }), 'loss.mjs');
  const { source, config } = planRun(discover(text, file, 'named')[0]!, { below: [], above: [] });
  const losses: number[] = [];
  const job = new RunJob(jobs, { source, config, limits });
  job.open({ onRecord: (record, offset) => void losses.push(record[offset + recordPlaces.loss]!) });
  expect((await job.ended).problems).toEqual([]);
  return losses;
}

async function run(jobs: JobProcesses, ofLimits = limits): Promise<number | undefined> {
  const file = path.join(folderWith({ 'loss.mjs': text }), 'loss.mjs');
  const { source, config } = planRun(discover(text, file, 'named')[0]!, { below: [], above: [] });
  const job = new RunJob(jobs, { source, config, limits: ofLimits });
  job.open({});
  const { outcome, problems } = await job.ended;
  expect(problems).toEqual([]);
  return outcome?.steps;
}

describe.runIf(process.platform === 'linux')('the spare process', () => {
  it('waits without a job, runs the next job, and ends with it', async () => {
    const jobs = processes();
    jobs.warm(limits.memoryLimitMb);
    jobs.warm(limits.memoryLimitMb);
    const spare = processesOf(process.pid);
    expect(spare).toHaveLength(1);
    expect(await run(jobs)).toBe(3);
    // On a busy machine, the next spare process may already exist.
    expect(processesOf(process.pid)).not.toContain(spare![0]);
  });

  it('rehearses before its job, which has the steps of a job without a rehearsal', async () => {
    const jobs = processes();
    jobs.warm(limits.memoryLimitMb);
    expect(jobFoldersOf(process.pid)).toHaveLength(1);
    await expect.poll(() => jobFoldersOf(process.pid), { timeout: 10_000 }).toEqual([]);
    const rehearsed = await lossesOf(jobs);
    expect(rehearsed).toHaveLength(3);
    expect(rehearsed).toEqual(await lossesOf(processes()));
  });

  it('ends its rehearsal when a job comes', async () => {
    const jobs = processes();
    for (const wait of [0, 50, 100, 150, 200]) {
      jobs.warm(limits.memoryLimitMb);
      await sleep(wait);
      expect(await run(jobs)).toBe(3);
    }
  });

  it('can run a job with another memory limit', async () => {
    const jobs = processes();
    jobs.warm(64);
    expect(await run(jobs)).toBe(3);
  });

  it('may be killed: the next job then starts a new process', async () => {
    const jobs = processes();
    jobs.warm(limits.memoryLimitMb);
    process.kill(processesOf(process.pid)![0]!, 'SIGKILL');
    await expect.poll(() => processesOf(process.pid)).toEqual([]);
    await sleep(100);
    expect(await run(jobs)).toBe(3);
  });

  it('is replaced some time after a job has taken it', async () => {
    const jobs = processes();
    jobs.warm(limits.memoryLimitMb);
    await run(jobs);
    await expect.poll(() => processesOf(process.pid)?.length, { timeout: 5000 }).toBe(1);
  });

  it('ends when JobProcesses is disposed, and leaves no folder', async () => {
    const jobs = processes();
    jobs.warm(limits.memoryLimitMb);
    jobs.dispose();
    await expect.poll(() => processesOf(process.pid)).toEqual([]);
    expect(jobFoldersOf(process.pid)).toEqual([]);
    jobs.warm(limits.memoryLimitMb);
    expect(processesOf(process.pid)).toEqual([]);
  });
});
