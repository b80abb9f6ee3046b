import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Report } from '../../core/analysis/report';
import type { LossProblem } from '../../loss/problem';
import { ActiveAnalysis, type AnalysisJob } from '../../runner/activeAnalysis';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { RunOrder } from './runs';

/** An analysis of a loss and, once it is done, its report. Lasts as long as the window. */
export interface ReportEntry {
  readonly id: string;
  readonly startedAt: number;
  readonly title: string;
  readonly order: RunOrder;
  status: 'running' | 'finished' | 'failed' | 'stopped';
  progress: readonly [done: number, total: number];
  report: Report | null;
  problems: readonly LossProblem[];
}

/** The reports of this window, oldest first. One analysis goes on at a time: a new one stops the old. */
export class Reports implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ReportEntry>();
  /** Fires on every change of a report, its progress included. */
  readonly onDidChange = this.#changed.event;
  readonly #jobs: JobLauncher;
  readonly #history: ReportEntry[] = [];
  #active: { readonly entry: ReportEntry; readonly analysis: ActiveAnalysis } | null = null;

  constructor(jobs: JobLauncher) {
    this.#jobs = jobs;
  }

  get history(): readonly ReportEntry[] {
    return this.#history;
  }

  get active(): ReportEntry | null {
    return this.#active?.entry ?? null;
  }

  find(id: string): ReportEntry | undefined {
    return this.#history.find((entry) => entry.id === id);
  }

  start(title: string, order: RunOrder, job: AnalysisJob): ReportEntry {
    this.stop();
    const entry: ReportEntry = {
      id: `report-${randomUUID().slice(0, 8)}`,
      startedAt: Date.now(),
      title,
      order,
      status: 'running',
      progress: [0, 0],
      report: null,
      problems: [],
    };
    this.#history.push(entry);
    const { source } = order.plan;
    const analysis = new ActiveAnalysis(this.#jobs, { source, limits: order.limits, job }, (done, total) => {
      entry.progress = [done, total];
      this.#changed.fire(entry);
    });
    this.#active = { entry, analysis };
    this.#changed.fire(entry);
    void analysis.ended.then((end) => {
      if (end.kind === 'done') {
        entry.report = end.report;
        entry.progress = [entry.progress[1], entry.progress[1]];
      }
      if (end.kind === 'failed') entry.problems = end.problems;
      entry.status = end.kind === 'done' ? 'finished' : end.kind;
      if (this.#active?.entry === entry) this.#active = null;
      this.#changed.fire(entry);
    });
    return entry;
  }

  /** Ends the analysis under way. */
  stop(): void {
    this.#active?.analysis.stop();
  }

  dispose(): void {
    this.stop();
    this.#changed.dispose();
  }
}
