import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EndReason } from '../../../src/protocol/jobProcess';
import type { WorkerEvent } from '../../../src/protocol/worker';
import type { Exit } from '../../../src/runner/jobChild';
import { ProcessJob } from '../../../src/runner/processJob';
import { DoubleChild, DoubleFolders, location, request } from './doubleChild';

const answer: WorkerEvent = {
  type: 'gradient',
  at: [1],
  names: null,
  value: Number.NaN,
  grad: Float64Array.of(2),
  gradientMode: 'exact',
};

function start() {
  const child = new DoubleChild();
  const folders = new DoubleFolders();
  const events: WorkerEvent[] = [];
  const records: number[] = [];
  const job = new ProcessJob(
    request,
    { onEvent: (event) => events.push(event), onRecords: (data) => records.push(...data) },
    child,
    folders,
  );
  return { child, folders, events, records, job };
}

/** Waits until the streams have delivered what was written. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

describe('a job in a process', () => {
  it('starts with its request and a folder, and passes on messages in order', async () => {
    const { child, folders, events, records, job } = start();
    await settle();
    expect(child.told).toEqual([{ type: 'start', request, directory: '/jobs/0', cache: null }]);
    child.say(
      { type: 'records', data: Float64Array.of(1, 2) },
      { type: 'alive' },
      { type: 'records', data: Float64Array.of(3) },
      { type: 'event', event: answer },
      { type: 'ended', reason: 'reported', detail: null },
    );
    expect(await job.ended).toEqual({ kind: 'reported' });
    expect(records).toEqual([1, 2, 3]);
    expect(events).toEqual([answer]);
    expect([child.kills, child.sweeps, folders.present.size]).toEqual([1, 1, 0]);
  });

  it('sends the commands of the user', async () => {
    const { child, job } = start();
    job.control.pause();
    job.control.step();
    job.control.setLr(0.5);
    job.control.resume();
    job.stop();
    await settle();
    expect(child.told.slice(1)).toEqual([
      { type: 'pause' },
      { type: 'step' },
      { type: 'lr', lr: 0.5 },
      { type: 'resume' },
      { type: 'stop' },
    ]);
    child.kill();
    await job.ended;
  });

  it.each<[EndReason, string, RegExp]>([
    ['timeout', 'timeout', /^loss did not return within 0.4 s and was stopped \(setting/],
    ['memory', 'out-of-memory', /^loss used more than 100 MB and was stopped \(setting/],
    ['never-settles', 'never-settles', /^loss waits for a promise/],
    ['crashed', 'worker-crashed', /^the process that runs loss ended: the cause is unknown$/],
  ])('reports an end by %s at the loss', async (reason, code, message) => {
    const { child, job } = start();
    child.say({ type: 'ended', reason, detail: null });
    expect(await job.ended).toMatchObject({
      problem: { code, severity: 'error', location, message: expect.stringMatching(message) },
    });
  });

  it.each<[Partial<Exit>, string, RegExp]>([
    [{ signal: 'SIGTRAP' }, 'out-of-memory', /more memory than the JavaScript engine can provide/],
    [{ signal: 'SIGKILL' }, 'out-of-memory', /ended by the system, likely because/],
    [{ signal: 'SIGSEGV' }, 'worker-crashed', /ended: signal SIGSEGV$/],
    [{ code: 7 }, 'worker-crashed', /ended: exit code 7$/],
    [{ failure: 'spawn ENOENT' }, 'worker-crashed', /could not be started: spawn ENOENT$/],
  ])('reports the end of its process: %j', async (exit, code, message) => {
    const { child, folders, job } = start();
    await settle();
    child.exit(exit);
    expect(await job.ended).toMatchObject({
      problem: { code, location, message: expect.stringMatching(message) },
    });
    expect([child.sweeps, folders.present.size]).toEqual([1, 0]);
  });

  it('reads what a process wrote before it ended on its own', async () => {
    const { child, events, job } = start();
    child.say({ type: 'event', event: answer });
    child.exit({ code: 1 });
    await job.ended;
    expect(events).toEqual([answer]);
  });

  it('recognizes a crash report of the engine, and does not show it as output', async () => {
    const { child, events, job } = start();
    child.output[0]!.write('a line\n');
    child.output[1]!.write('\n#\n# Fatal error in , line 0\n# Fatal JavaScript invalid size error 1\n');
    child.exit({ code: 134 });
    expect(await job.ended).toMatchObject({ kind: 'memory' });
    expect(events).toEqual([{ type: 'console', lines: ['a line'] }]);
  });

  it('ends a process whose messages cannot be read', async () => {
    const { child, events, job } = start();
    child.sayBytes(new TextEncoder().encode('TypeError: something that is no frame'));
    expect(await job.ended).toMatchObject({
      problem: { code: 'worker-crashed', message: expect.stringMatching(/messages cannot be read/) },
    });
    expect(child.kills).toBe(1);
    expect(events).toEqual([]);
  });

  it('passes on at most 1,000 lines of output', async () => {
    const { child, events, job } = start();
    child.output[1]!.write('x\n'.repeat(5000));
    child.exit({ code: 0 });
    await job.ended;
    const lines = events.flatMap((event) => (event.type === 'console' ? event.lines : []));
    expect(lines).toHaveLength(1001);
    expect(lines.at(-1)).toMatch(/more than 1000 lines/);
  });
});

describe('a process that does not respond', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is killed soon after a stop', async () => {
    const { child, job } = start();
    job.stop();
    await vi.advanceTimersByTimeAsync(799);
    expect(child.kills).toBe(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(await job.ended).toEqual({ kind: 'stopped' });
    expect(child.kills).toBe(1);
  });

  it('is killed when it has sent nothing for a long time', async () => {
    const { child, job } = start();
    for (let second = 0; second < 20; second++) {
      child.say({ type: 'alive' });
      await settle();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(child.kills).toBe(0);
    await vi.advanceTimersByTimeAsync(6000);
    expect(await job.ended).toMatchObject({
      problem: { message: 'the process that runs loss ended: it does not answer' },
    });
  });

  it('is killed when it has closed its pipe but does not end', async () => {
    const { child, job } = start();
    child.closePipe();
    await settle();
    await vi.advanceTimersByTimeAsync(1001);
    expect(await job.ended).toMatchObject({
      problem: { message: 'the process that runs loss ended: it closed its connection' },
    });
  });

  it('is given up after two seconds if a kill does not end it', async () => {
    const { child, folders, job } = start();
    child.obeys = false;
    child.say({ type: 'ended', reason: 'timeout', detail: null });
    await settle();
    await vi.advanceTimersByTimeAsync(2001);
    expect(await job.ended).toMatchObject({ kind: 'timeout' });
    expect(folders.present.size).toBe(0);
  });
});
