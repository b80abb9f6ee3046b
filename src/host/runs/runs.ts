import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { RunConfigPatch } from '../../core/config/runConfig';
import type { DiagnosisLevel } from '../../core/diagnosis/diagnose';
import { Trace } from '../../core/trace/trace';
import type { LossDeclaration } from '../../loss/declaration';
import type { Plan } from '../../loss/plan';
import type { JobLimits } from '../../protocol/jobProcess';
import type { JobLauncher } from '../../runner/jobProcesses';
import { RunJob } from '../../runner/runJob';
import type { RunControl, RunEnd } from '../../runs/stepSource';
import { Run, type RunRecord } from './run';
import type { RunFiles } from './runFiles';

/** What of a run changed: `state` is anything but its points, `steps` only that there are more of them. */
export interface RunChange {
  readonly run: Run;
  readonly what: 'state' | 'steps';
}

export interface RunOrder {
  readonly declaration: LossDeclaration;
  /** Of the function with its comment, as it stood. */
  readonly lossText: string;
  readonly plan: Plan;
  readonly overrides: RunConfigPatch;
  readonly diagnosis: DiagnosisLevel;
  readonly limits: JobLimits;
}

/**
 * The runs of this window: the history, oldest first, and the one that is under way. A new run stops the old one,
 * which stays in the history; every run is kept on disk as it goes.
 */
export class Runs implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<RunChange>();
  /** Fires on every change of a run; `steps` changes come about every 10 ms while one goes on. */
  readonly onDidChange = this.#changed.event;
  readonly #consoleLine = new vscode.EventEmitter<string>();
  readonly onConsoleLine = this.#consoleLine.event;
  readonly #files: RunFiles | null;
  readonly #jobs: JobLauncher;
  readonly #history: Run[] = [];
  #active: { readonly run: Run; readonly job: RunJob } | null = null;

  /** @param files  null where there is no storage: then runs last as long as the window */
  constructor(jobs: JobLauncher, files: RunFiles | null) {
    this.#jobs = jobs;
    this.#files = files;
  }

  get history(): readonly Run[] {
    return this.#history;
  }

  /** The newest run. */
  get latest(): Run | undefined {
    return this.#history.at(-1);
  }

  get active(): Run | null {
    return this.#active?.run ?? null;
  }

  find(id: string): Run | undefined {
    return this.#history.find((run) => run.record.id === id);
  }

  /** Brings back the runs of earlier windows. Those that were under way are interrupted. */
  async restore(): Promise<void> {
    if (!this.#files) return;
    const records = await this.#files.readAll();
    for (const record of records) {
      const run = new Run(record);
      if (run.isLive) {
        record.status = 'interrupted';
        run.trace = await this.#files.readTrace(record);
        await this.#files.write(record);
      }
      if (record.verification === 'running') record.verification = 'none';
      this.#history.splice(records.indexOf(record), 0, run);
    }
    if (this.latest) this.#changed.fire({ run: this.latest, what: 'state' });
  }

  /** Reads the steps of an earlier run back, if they are not at hand. */
  async ensureTrace(run: Run): Promise<void> {
    if (run.trace || run.isLive || !this.#files) return;
    run.trace = await this.#files.readTrace(run.record);
  }

  /** Starts a run, ending the one under way. */
  async start(order: RunOrder): Promise<Run> {
    await this.stop();
    const { plan, declaration } = order;
    const record: RunRecord = {
      id: `${Date.now()}-${randomUUID().slice(0, 8)}`,
      startedAt: Date.now(),
      source: plan.source,
      parameterNames: declaration.parameterNames,
      lossText: order.lossText,
      config: plan.config,
      overrides: order.overrides,
      status: 'loading',
      start: plan.config.start,
      layout: null,
      gradientMode: null,
      findings: [],
      verification: 'none',
      outcome: null,
      expectation: null,
      problems: [],
      lrChanges: [],
      elapsedMs: 0,
    };
    const run = new Run(record);
    run.told = [];
    this.#history.push(run);
    await this.#files?.write(record);
    const job = new RunJob(this.#jobs, {
      source: plan.source,
      config: plan.config,
      limits: order.limits,
      diagnosis: order.diagnosis,
    });
    this.#active = { run, job };
    job.open({
      onOpened: (loaded) => {
        record.start = loaded.start;
        record.layout = loaded.layout;
        record.gradientMode = loaded.gradientMode;
        record.source = { ...record.source, texts: loaded.texts };
        record.status = 'running';
        run.trace = new Trace(
          loaded.layout,
          loaded.layout.coordinates.map((c) => loaded.start[c]!),
        );
        void this.#files?.write(record);
        this.#fire(run, 'state');
      },
      onRecord: (data, offset) => {
        run.trace?.append(data, offset);
        this.#files?.append(record, data, offset);
      },
      onSteps: () => this.#fire(run, 'steps'),
      onGradientMode: (mode) => {
        record.gradientMode = mode;
        this.#fire(run, 'state');
      },
      onFindings: (findings) => {
        record.findings = findings;
        run.told = findings;
        this.#fire(run, 'state');
      },
      onWarning: (problem) => {
        record.problems = [...record.problems, problem];
        this.#fire(run, 'state');
      },
      onConsole: (lines) => {
        for (const line of lines) this.#consoleLine.fire(line);
      },
    });
    this.#fire(run, 'state');
    void job.ended.then((end) => this.#finish(run, end));
    return run;
  }

  pause(): void {
    this.#command('paused', (job) => job.pause());
  }

  resume(): void {
    this.#command('running', (job) => job.resume());
  }

  step(): void {
    this.#command('paused', (job) => job.step());
  }

  setLr(lr: number): void {
    const active = this.#active;
    if (!active) return;
    const { run, job } = active;
    job.control.setLr(lr);
    run.record.lrChanges = [...run.record.lrChanges, [run.steps + 1, lr]];
    this.#fire(run, 'state');
  }

  /**
   * Tells of a change that somebody else made to a run's record.
   *
   * @param isKept  whether it is to be found on disk, too
   */
  changed(run: Run, isKept: boolean): void {
    if (isKept) void this.#files?.write(run.record);
    this.#fire(run, 'state');
  }

  /** Ends the run under way; settles when its thread is gone. */
  async stop(): Promise<void> {
    const active = this.#active;
    if (!active) return;
    active.job.close();
    await active.job.ended;
    await active.run.finished;
  }

  dispose(): void {
    this.#active?.job.close();
    this.#changed.dispose();
    this.#consoleLine.dispose();
  }

  #command(status: 'paused' | 'running', act: (control: RunControl) => void): void {
    const active = this.#active;
    if (!active || active.run.record.status === 'loading') return;
    act(active.job.control);
    active.run.record.status = status;
    this.#fire(active.run, 'state');
  }

  async #finish(run: Run, end: RunEnd): Promise<void> {
    const { record } = run;
    record.outcome = end.outcome;
    record.expectation = end.expectation;
    record.problems = [...record.problems, ...end.problems];
    record.status = end.problems.some((problem) => problem.severity === 'error') ? 'failed' : 'finished';
    record.elapsedMs = Date.now() - record.startedAt;
    if (this.#active?.run === run) this.#active = null;
    await this.#files?.close(record.id);
    await this.#files?.write(record);
    await this.#files?.prune(this.#history.map((each) => each.record.id));
    run.markFinished();
    this.#fire(run, 'state');
  }

  #fire(run: Run, what: RunChange['what']): void {
    this.#changed.fire({ run, what });
  }
}
