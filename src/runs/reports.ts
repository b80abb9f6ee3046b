import { randomUUID } from 'node:crypto';
import type { Report } from '../core/analysis/report';
import type { LossProblem } from '../loss/problem';
import type { Job } from '../protocol/worker';
import { Emitter } from './emitter';
import type { ReportEntry } from './reportEntry';
import type { ReportFiles } from './reportFiles/reportFiles';
import type { RunOrder } from './runOrder';

export type AnalysisJob = Extract<Job, { kind: 'analysis' | 'optimizerStep' }>;

export type AnalysisEnd =
  | { readonly kind: 'done'; readonly report: Report }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problems: readonly LossProblem[] };

/** An analysis in progress. */
export interface Analysis {
  /** Never rejects. */
  readonly ended: Promise<AnalysisEnd>;
  stop(): void;
}

export interface AnalysisListener {
  /** Receives the numbers of finished and planned runs, at most a few times per second. */
  readonly onProgress: (done: number, total: number) => void;
  /** Receives the report on what has finished so far. */
  readonly onReport: (report: Report) => void;
}

/** Starts an analysis; `onProgress` receives the number of finished and planned runs, at most a few times per second. */
export type StartAnalysis = (
  order: RunOrder,
  job: AnalysisJob,
  onProgress: (done: number, total: number) => void,
) => Analysis;

/** The reports of this window and of earlier ones, oldest first. Only one analysis runs at a time: a new one stops the previous one. */
export class Reports {
  readonly #changed = new Emitter<ReportEntry>();
  /** Fires on every change of a report, including its progress. */
  readonly onDidChange = this.#changed.event;
  readonly #startAnalysis: StartAnalysis;
  readonly #files: ReportFiles | null;
  /** Settles when the reports of earlier windows have been read. Never rejects. */
  readonly restored: Promise<void>;
  #history: ReportEntry[] = [];
  /** The reports that are being written. True: it has changed since. */
  readonly #writing = new Map<ReportEntry, boolean>();
  #active: { readonly entry: ReportEntry; readonly analysis: Analysis } | null = null;

  /** @param files  null if reports last until the window closes */
  constructor(startAnalysis: StartAnalysis, files: ReportFiles | null = null) {
    this.#startAnalysis = startAnalysis;
    this.#files = files;
    this.restored = this.#restore();
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

  /** Adds a report that needs no analysis, because it is made from stored runs. @param runs  how many */
  add(title: string, order: RunOrder, report: Report, runs: number): ReportEntry {
    const entry: ReportEntry = {
      ...newEntry(title, order),
      status: 'finished',
      progress: [runs, runs],
      report,
    };
    this.#history.push(entry);
    this.#changed.fire(entry);
    void this.#write(entry);
    return entry;
  }

  start(title: string, order: RunOrder, job: AnalysisJob): ReportEntry {
    return this.begin(title, order, (_id, { onProgress }) => this.#startAnalysis(order, job, onProgress));
  }

  /**
   * Adds a report on work that `make` starts.
   *
   * @param make  receives the id of the report
   */
  begin(
    title: string,
    order: RunOrder,
    make: (id: string, listener: AnalysisListener) => Analysis,
  ): ReportEntry {
    this.stop();
    const entry = newEntry(title, order);
    this.#history.push(entry);
    const analysis = make(entry.id, {
      onProgress: (done, total) => {
        entry.progress = [done, total];
        this.#changed.fire(entry);
      },
      onReport: (report) => {
        entry.report = report;
        this.#changed.fire(entry);
        void this.#write(entry);
      },
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
      void this.#write(entry);
    });
    return entry;
  }

  /** Ends the analysis in progress. */
  stop(): void {
    this.#active?.analysis.stop();
  }

  async #restore(): Promise<void> {
    const stored = (await this.#files?.read()) ?? [];
    if (stored.length === 0) return;
    this.#history = [...stored, ...this.#history];
    this.#changed.fire(stored.at(-1)!);
  }

  /** Writes a report; if it changes meanwhile, once more. */
  async #write(entry: ReportEntry): Promise<void> {
    if (!this.#files) return;
    const isBusy = this.#writing.has(entry);
    this.#writing.set(entry, isBusy);
    if (isBusy) return;
    await this.#files.write(entry);
    const hasChanged = this.#writing.get(entry);
    this.#writing.delete(entry);
    if (hasChanged) await this.#write(entry);
  }

  dispose(): void {
    this.stop();
    this.#changed.dispose();
  }
}

function newEntry(title: string, order: RunOrder): ReportEntry {
  return {
    id: `report-${randomUUID().slice(0, 8)}`,
    startedAt: Date.now(),
    title,
    order,
    status: 'running',
    progress: [0, 0],
    report: null,
    problems: [],
  };
}
