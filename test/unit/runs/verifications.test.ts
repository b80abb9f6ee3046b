import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Finding, Fix } from '../../../src/core/diagnosis/finding';
import { type Judged, nothingVerified, type Verification } from '../../../src/core/verify/verification';
import type { VerifiedFixes } from '../../../src/core/verify/verificationSetting';
import type { RunStatus } from '../../../src/protocol/panel';
import { Run } from '../../../src/runs/run';
import type { RunChange } from '../../../src/runs/runStore';
import { Verifications } from '../../../src/runs/verifications';
import { aFinding } from '../../support/findings';
import { runRecord } from './support/runRecord';

const fix = (title: string, outcome?: string): Fix => ({
  id: title,
  title: outcome ? `${title}: ${outcome}` : title,
  patch: { optimizer: { lr: 0.1 } },
  verified: null,
});
const finding = (...fixes: Fix[]): Finding => aFinding({ severity: 'error', steps: [2, 9], fixes });

function newRun(status: RunStatus, told: readonly Finding[]): Run {
  const run = new Run(runRecord('id', { status, findings: told }), true);
  run.reported = told;
  return run;
}

/** A verification that ends when the test ends it or it is stopped, with the results so far. */
class Job {
  readonly findings: readonly Finding[];
  readonly progress: (done: number, total: number) => void;
  isStopped = false;
  isGone = false;
  known: VerifiedFixes;
  ofVerdict: Judged = { fixes: [], refusal: null };
  readonly ended: Promise<Verification>;
  #resolve!: (end: Verification) => void;

  constructor(findings: readonly Finding[], progress: (done: number, total: number) => void) {
    this.findings = findings;
    this.progress = progress;
    this.known = findings.map(() => []);
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** A thread needs time to end, so the test calls `end`. */
  stop(): void {
    this.isStopped = true;
  }

  end(fixes: VerifiedFixes = this.known): void {
    this.isGone = true;
    this.#resolve({ ...nothingVerified(this.findings, !this.isStopped), fixes, ofVerdict: this.ofVerdict });
  }
}

class World {
  readonly jobs: Job[] = [];
  readonly kept: string[] = [];
  isOn = true;
  readonly history: Run[] = [];
  readonly #listeners: ((change: RunChange) => void)[] = [];
  readonly verifications = new Verifications(
    {
      history: this.history,
      onDidChange: (listener) => {
        this.#listeners.push(listener);
        return { dispose() {} };
      },
      changed: (run: Run, isKept: boolean) => {
        if (isKept) this.kept.push(run.record.verification);
        this.tell(run);
      },
    },
    {
      isOn: () => this.isOn,
      isSearching: () => false,
      begin: (_run, findings, progress) => {
        expect(this.jobs.filter(({ isGone }) => !isGone)).toEqual([]);
        const job = new Job(findings, progress);
        this.jobs.push(job);
        return job;
      },
    },
  );

  tell(run: Run, what: RunChange['what'] = 'state'): void {
    for (const listener of this.#listeners) listener({ run, what });
  }

  become(run: Run, status: RunStatus): void {
    if (!this.history.includes(run)) this.history.push(run);
    run.record.status = status;
    this.tell(run);
  }

  async settle(): Promise<void> {
    await vi.advanceTimersByTimeAsync(1000);
  }
}

describe('fixes of a run that are tried in the background', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const told = [finding(fix('lr 1'), fix('lr 2')), finding()];
  const helpful = [[fix('lr 2', 'reaches 0')], []];

  it('are offered and stored once the run has ended and they were tried', async () => {
    const world = new World();
    const run = newRun('running', told);
    world.become(run, 'running');
    await world.settle();
    expect(world.jobs).toEqual([]);
    expect(run.fixesOf(run.record.findings[0]!)).toEqual([]);
    world.become(run, 'finished');
    expect(world.jobs).toEqual([]);
    await world.settle();
    expect(world.jobs.map(({ findings }) => findings)).toEqual([told]);
    expect(run.record.verification).toBe('running');
    expect(run.fixesOf(run.record.findings[0]!)).toEqual([]);
    world.jobs[0]!.progress(2, 3);
    expect(run.tried).toEqual([2, 3]);
    world.jobs[0]!.end(helpful);
    await world.settle();
    expect(run.record.verification).toBe('done');
    expect(run.record.findings.map((each) => run.fixesOf(each))).toEqual(helpful);
    expect(world.kept).toEqual(['done']);
    expect(world.jobs.length).toBe(1);
  });

  it('of a test are tried only if it failed', async () => {
    const world = new World();
    const test = (met: boolean, severity: Finding['severity']) => {
      const findings = [{ ...told[0]!, severity }];
      const expectation = { met, reached: { loss: 1, t: 3 }, metAt: met ? 3 : null };
      const run = new Run(runRecord('id', { findings, expectation, isTest: true }), true);
      run.reported = findings;
      world.become(run, 'finished');
      return run;
    };
    const passed = test(true, 'warning');
    await world.settle();
    expect(world.jobs).toEqual([]);
    await world.verifications.settled(passed);
    test(true, 'error');
    await world.settle();
    world.jobs[0]!.end([]);
    test(false, 'warning');
    await world.settle();
    expect(world.jobs.length).toBe(2);
  });

  it('are settled once they have been tried, or will not be', async () => {
    const world = new World();
    const [one, other] = [newRun('finished', told), newRun('finished', told)];
    const settled: Run[] = [];
    for (const run of [one, other]) {
      world.become(run, 'finished');
      void world.verifications.settled(run).then(() => settled.push(run));
    }
    await world.settle();
    expect(settled).toEqual([]);
    world.jobs[0]!.end(helpful);
    await world.settle();
    expect(settled).toEqual([one]);
    expect(one.record.verification).toBe('done');
    world.tell(other, 'removed');
    await world.settle();
    expect(settled).toEqual([one, other]);
    await world.verifications.settled(one);
  });

  it('of a paused run are abandoned when it resumes, and tried again when it has ended', async () => {
    const world = new World();
    const run = newRun('paused', told);
    world.become(run, 'paused');
    await world.settle();
    world.become(run, 'running');
    expect(world.jobs[0]!.isStopped).toBe(true);
    expect(run.record.verification).toBe('none');
    world.become(run, 'finished');
    await world.settle();
    // The thread has not ended yet, and only one runs at a time.
    expect(world.jobs.length).toBe(1);
    world.jobs[0]!.end(helpful);
    await world.settle();
    expect(run.record.findings).toBe(told);
    expect(world.jobs.length).toBe(2);
    world.jobs[1]!.end(helpful);
    await world.settle();
    expect(run.record.verification).toBe('done');
  });

  it('that were tried for a paused run are discarded when it resumes', async () => {
    const world = new World();
    const run = newRun('paused', told);
    world.become(run, 'paused');
    await world.settle();
    world.jobs[0]!.end(helpful);
    await world.settle();
    expect(run.fixesOf(run.record.findings[0]!)).toEqual(helpful[0]);
    world.become(run, 'running');
    expect(run.record.findings).toBe(told);
    expect(run.fixesOf(told[0]!)).toEqual([]);
  });

  it('are tried again when findings were added', async () => {
    const world = new World();
    const run = newRun('paused', told);
    world.become(run, 'paused');
    await world.settle();
    const more = [...told, finding(fix('lr 3'))];
    run.reported = more;
    run.record.findings = more;
    world.tell(run);
    expect(world.jobs[0]!.isStopped).toBe(true);
    world.jobs[0]!.end();
    await world.settle();
    expect(world.jobs[1]!.findings).toBe(more);
  });

  it('are tried to the end beside a new run, whose fixes follow', async () => {
    const world = new World();
    const old = newRun('finished', told);
    world.become(old, 'finished');
    await world.settle();
    const next = newRun('loading', told);
    world.become(next, 'loading');
    world.become(next, 'finished');
    await world.settle();
    expect(world.jobs.map(({ isStopped }) => isStopped)).toEqual([false]);
    world.jobs[0]!.end(helpful);
    await world.settle();
    expect(old.fixesOf(old.record.findings[0]!)).toEqual(helpful[0]);
    expect([world.jobs.length, next.record.verification]).toEqual([2, 'running']);
    world.jobs[1]!.end(helpful);
    await world.settle();
    expect(next.fixesOf(next.record.findings[0]!)).toEqual(helpful[0]);
  });

  it('of several runs are tried in the order in which the runs ended, without removed runs', async () => {
    const world = new World();
    const runs = [1, 2, 3].map(() => newRun('finished', told));
    for (const run of runs) world.become(run, 'finished');
    world.tell(runs[1]!, 'removed');
    await world.settle();
    world.jobs[0]!.end(helpful);
    await world.settle();
    world.jobs[1]!.end(helpful);
    await world.settle();
    expect(runs.map(({ record }) => record.verification)).toEqual(['done', 'none', 'done']);
    expect(world.jobs.length).toBe(2);
  });

  it('are not tried further once the user stops it', async () => {
    const world = new World();
    const run = newRun('finished', told);
    world.become(run, 'finished');
    await world.settle();
    world.verifications.stop();
    world.jobs[0]!.end(helpful);
    await world.settle();
    world.tell(run);
    await world.settle();
    expect(world.jobs.length).toBe(1);
    expect(run.fixesOf(run.record.findings[0]!)).toEqual(helpful[0]);
  });

  it('are offered without trial if the setting is off, and tried when it is turned on', async () => {
    const world = new World();
    world.isOn = false;
    const run = newRun('running', told);
    world.become(run, 'running');
    expect(run.fixesOf(told[0]!)).toEqual(told[0]!.fixes);
    world.become(run, 'finished');
    await world.settle();
    expect(world.jobs).toEqual([]);
    world.isOn = true;
    world.verifications.look();
    expect(run.fixesOf(told[0]!)).toEqual([]);
    await world.settle();
    expect(world.jobs.length).toBe(1);
    world.isOn = false;
    world.verifications.look();
    expect(world.jobs[0]!.isStopped).toBe(true);
    expect([run.record.verification, run.fixesOf(told[0]!)]).toEqual(['off', told[0]!.fixes]);
  });

  it('are not tried for a run of an earlier VS Code window, or for a loss that did not return', async () => {
    const world = new World();
    const earlier = newRun('finished', told);
    earlier.reported = null;
    world.become(earlier, 'finished');
    const hung = newRun('failed', told);
    hung.record.problems = [
      { code: 'timeout', severity: 'error', message: '', location: hung.record.source.location },
    ];
    world.become(hung, 'failed');
    await world.settle();
    expect(world.jobs).toEqual([]);
    const threw = newRun('failed', told);
    threw.record.problems = [
      { code: 'loss-threw', severity: 'error', message: '', location: threw.record.source.location },
    ];
    world.become(threw, 'failed');
    await world.settle();
    expect(world.jobs.length).toBe(1);
  });
});
