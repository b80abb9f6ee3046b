import type { LoggedLine, StopHit, Stops } from '../protocol/stops';
import { type Disposable, Emitter, type Event } from './emitter';
import type { FileProblem, RunFiles } from './files/runFiles';
import { keptValues } from './keptHistory';
import { LiveRun } from './liveRun';
import { placesHere } from './places';
import { endRecord } from './recordKeeping';
import type { RepeatedSteps } from './repeatSteps';
import { Run } from './run';
import { RunArchive } from './runArchive';
import { newRunId } from './runId';
import type { RunDescription, RunOrder } from './runOrder';
import { RunQueue } from './runQueue';
import { newRecord, type RunRecord } from './runRecord';
import type { RunEnd, StepSource } from './stepSource';
import { TraceMemory } from './traceMemory';

/** The kind of change. `steps`: only the number of steps grew; `removed`: the run left the history; `state`: anything else. */
export interface RunChange {
  readonly run: Run;
  readonly what: 'state' | 'steps' | 'removed';
}

export interface RunStoreParts {
  /** Creates the source of the steps of an order. The run starts when the source is opened. */
  readonly openSource: (order: RunOrder) => StepSource;
  /** null if there is no storage. Runs are then lost when the window closes. */
  readonly files: RunFiles | null;
  /** The largest number of simultaneous runs; paused ones do not count. */
  readonly places?: number;
  /** Bytes of runs to keep on disk. The oldest ones that are not pinned are removed beyond that. */
  readonly storageBytes?: () => number;
  /** Bytes of steps to keep in memory. */
  readonly traceBytes?: number;
  readonly now?: () => number;
}

/** Without storage, the number of runs in the history. */
const runsInMemory = 20;
const defaultStorageBytes = 2 ** 31;
const defaultTraceBytes = 256 * 2 ** 20;

/**
 * The runs of this window and of earlier ones, oldest first. Only this class changes them. Several may be in
 * progress; a new run never ends another. Nothing is awaited between the check of the limit on simultaneous
 * runs and the opening of a source, so two starts cannot overlap.
 */
export class RunStore {
  readonly #parts: RunStoreParts;
  readonly #now: () => number;
  readonly #changed = new Emitter<RunChange>();
  /** `steps` changes occur about every 10 ms during a run. */
  readonly onDidChange: Event<RunChange> = this.#changed.event;
  readonly #consoleLine = new Emitter<string>();
  readonly onConsoleLine: Event<string> = this.#consoleLine.event;
  readonly #stopped = new Emitter<{ readonly run: Run; readonly hit: StopHit }>();
  /** A run that is debugged has paused itself, and its steps up to there are known. */
  readonly onDidStop: Event<{ readonly run: Run; readonly hit: StopHit }> = this.#stopped.event;
  readonly #logged = new Emitter<{ readonly run: Run; readonly lines: readonly LoggedLine[] }>();
  readonly onDidLog: Event<{ readonly run: Run; readonly lines: readonly LoggedLine[] }> = this.#logged.event;
  readonly #archive: RunArchive;
  /** Fires once, with a sentence, if runs cannot be written to disk. */
  readonly onWriteProblem: Event<string>;
  /** Settles when the runs of earlier VS Code windows have been read. */
  readonly restored: Promise<void>;
  #markRestored!: () => void;
  #history: Run[] = [];
  readonly #live = new Set<LiveRun>();
  readonly #queue: RunQueue;
  readonly #memory: TraceMemory;
  #isDisposed = false;

  constructor(parts: RunStoreParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#queue = new RunQueue(parts.places ?? placesHere, this.#live);
    this.#archive = new RunArchive(parts.files);
    this.onWriteProblem = this.#archive.onWriteProblem;
    this.#memory = new TraceMemory(parts.traceBytes ?? defaultTraceBytes, (run) => this.#archive.has(run));
    this.restored = new Promise((resolve) => {
      this.#markRestored = resolve;
    });
  }

  get history(): readonly Run[] {
    return this.#history;
  }

  /** The newest run that is neither a test nor part of a sweep; if there is none, the newest run. */
  get latest(): Run | undefined {
    const isAskedFor = ({ record }: Run) => record.sweep === undefined && !record.isTest;
    return this.#history.findLast(isAskedFor) ?? this.#history.at(-1);
  }

  /** The runs that have not ended, including waiting and paused runs, oldest first. */
  get live(): readonly Run[] {
    return this.#history.filter(({ isLive }) => isLive);
  }

  /** The newest run of every loss, without those of sweeps. */
  get newestOfEachLoss(): readonly Run[] {
    const newest = new Map<string, Run>();
    for (const run of this.#history) {
      const { file, lossName } = run.record.source;
      if (run.record.sweep !== undefined) continue;
      newest.set(`${file}#${lossName}`, run);
    }
    return [...newest.values()];
  }

  /** The newest run of a loss that is not part of a sweep; if there is none, the newest run. */
  newestOf(file: string, lossName: string): Run | undefined {
    const runs = this.#history.filter(
      ({ record: { source } }) => source.file === file && source.lossName === lossName,
    );
    return runs.findLast(({ record }) => record.sweep === undefined) ?? runs.at(-1);
  }

  find(id: string): Run | undefined {
    return this.#history.find((run) => run.record.id === id);
  }

  /**
   * Restores the runs of earlier VS Code windows, without their steps, which are read on demand. Runs that were in
   * progress are interrupted.
   *
   * @returns the files that could not be read
   */
  async restore(): Promise<readonly FileProblem[]> {
    try {
      const { runs, problems } = await this.#archive.restore();
      this.#history = [...runs, ...this.#history].sort((a, b) => a.record.startedAt - b.record.startedAt);
      for (const run of runs) this.#fire(run, 'state');
      void this.#prune();
      return problems;
    } finally {
      // `restored` must settle after an error too, because the dashboards wait for it.
      this.#markRestored();
    }
  }

  /**
   * Starts a run, or queues it if the largest number of simultaneous runs is reached.
   *
   * @param more  its name, the sweep or the run that it belongs to, and whether it is a test
   */
  start(order: RunOrder, more: Pick<Partial<RunRecord>, 'name' | 'sweep' | 'fork' | 'isTest'> = {}): Run {
    const { interventions } = order;
    const own = { ...more, ...(interventions && { interventions }) };
    return this.#begin(order, true, () => this.#parts.openSource(order), own, order.stops !== undefined);
  }

  /**
   * Adds a run whose steps come from another source. It does not count as one of the simultaneous runs, so it
   * starts immediately.
   *
   * @param more  its name
   */
  add(source: StepSource, description: RunDescription, more: Pick<Partial<RunRecord>, 'name'> = {}): Run {
    return this.#begin(description, false, () => source, more);
  }

  pause(id: string): void {
    const live = this.#find(id);
    const { record } = live?.run ?? {};
    if (!live?.control || !record) return;
    if (record.status === 'running') live.control.pause();
    else if (record.status !== 'queued') return;
    this.#queue.remove(live);
    this.#rest(live);
  }

  /**
   * Resumes a paused run. If the largest number of runs is active, it waits, ahead of the runs that have not
   * started.
   */
  resume(id: string): void {
    const live = this.#find(id);
    if (!live?.control || live.run.record.status !== 'paused') return;
    if (live.takesPlace) {
      live.run.record.status = 'queued';
      this.#queue.add(live);
      this.#fire(live.run, 'state');
      this.#admit();
    } else this.#goOn(live);
  }

  /** Makes one step of a paused run; pauses a running one. */
  step(id: string): void {
    const live = this.#find(id);
    if (!live?.control || live.run.record.status === 'loading') return;
    live.control.step();
    this.#queue.remove(live);
    this.#rest(live);
  }

  /** Replaces the stops of a run that is debugged. A run that goes on meets them from one of its next steps on. */
  setStops(id: string, stops: Stops): void {
    const live = this.#find(id);
    if (live?.isDebugged) live.control?.setStops(stops);
  }

  /** @param lr  finite and greater than 0, else nothing happens */
  setLr(id: string, lr: number): void {
    const live = this.#find(id);
    if (!live?.control || !Number.isFinite(lr) || lr <= 0) return;
    live.control.setLr(lr);
  }

  /** @param name  null for none */
  rename(id: string, name: string | null): void {
    const run = this.find(id);
    if (!run) return;
    run.record.name = name;
    this.changed(run, true);
  }

  /** A pinned run is never removed to make room. */
  setPinned(id: string, isPinned: boolean): void {
    const run = this.find(id);
    if (!run) return;
    run.record.isPinned = isPinned;
    this.changed(run, true);
  }

  /** Deletes a run that has ended, in memory and on disk. */
  async delete(id: string): Promise<void> {
    const run = this.find(id);
    if (run && !run.isLive) await this.#remove([run]);
  }

  /** Removes the oldest runs if there is less room than before. */
  tidy(): Promise<void> {
    return this.#prune();
  }

  /** Ends a run, even before it has started. Settles when the run has ended and is on disk. */
  async stop(id: string): Promise<void> {
    const live = this.#find(id);
    if (!live) return;
    live.isStopped = true;
    this.#queue.remove(live);
    live.close();
    await live.run.finished;
  }

  /** Reads the steps of a run that has ended, if they are not in memory. */
  async load(run: Run): Promise<void> {
    if (run.isLive) return;
    const isThere = run.trace !== null;
    if (!isThere) await this.#archive.read(run);
    if (!this.#history.includes(run)) run.trace = null;
    if (!run.trace) return;
    this.#memory.use(run);
    if (!isThere) this.#fire(run, 'state');
  }

  /** Reads what the record of a large run of an earlier window lacks: its vectors. */
  complete(run: Run): Promise<void> {
    return this.#archive.complete(run);
  }

  /** Keeps the run, and its steps after they are loaded, until the hold is disposed of. */
  hold(run: Run): Disposable {
    return this.#memory.hold(run);
  }

  /** Stores a part of the history of a coordinate with its run, and announces it. */
  keepHistory(run: Run, coordinate: number, part: RepeatedSteps, every: number): void {
    if (this.#history.includes(run)) this.#archive.writePicked(run, keptValues(run, coordinate, part, every));
    this.#fire(run, 'state');
  }

  /**
   * Announces a change that other code made to the record of a run.
   *
   * @param isKept  whether it is also stored on disk
   */
  changed(run: Run, isKept: boolean): void {
    if (isKept && this.#history.includes(run)) void this.#archive.write(run);
    this.#fire(run, 'state');
  }

  /** Ends every run. The steps so far are kept, and the state is `interrupted`. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const live = [...this.#live];
    for (const each of live) each.close();
    this.#changed.dispose();
    this.#consoleLine.dispose();
    this.#stopped.dispose();
    this.#logged.dispose();
    await Promise.all([
      this.#archive.settled(),
      ...live.map(async ({ run, writer }) => {
        run.record.status = 'interrupted';
        await Promise.all([writer?.close().catch(() => {}), this.#archive.write(run)]);
      }),
    ]);
    await this.#archive.indexed();
  }

  #begin(
    description: RunDescription,
    isOwn: boolean,
    makeSource: () => StepSource,
    more: Partial<RunRecord> = {},
    isDebugged = false,
  ): Run {
    const startedAt = this.#now();
    const run = new Run({ ...newRecord(newRunId(startedAt), startedAt, description), ...more }, isOwn);
    run.reported = [];
    const live = new LiveRun(run, isOwn, makeSource, {
      changed: () => {
        this.#archive.writeSoon(run);
        this.#fire(run, 'state');
      },
      opened: () => void this.#archive.write(run),
      // A paused run has no later step that would show this one in its summary.
      moreSteps: () => this.#fire(run, run.record.status === 'paused' ? 'state' : 'steps'),
      console: (lines) => {
        for (const line of lines) this.#consoleLine.fire(line);
      },
      stopped: (hit) => {
        this.#rest(live);
        this.#stopped.fire({ run, hit });
      },
      logged: (lines) => this.#logged.fire({ run, lines }),
      writerFor: (opened) => this.#archive.writerFor(run, opened),
    });
    live.isDebugged = isDebugged;
    this.#history.push(run);
    this.#live.add(live);
    void live.ended.then((end) => this.#finish(live, end));
    if (isOwn) {
      this.#queue.add(live);
      this.#admit();
    } else live.open();
    this.changed(run, true);
    return run;
  }

  #find(id: string): LiveRun | undefined {
    return [...this.#live].find(({ run }) => run.record.id === id);
  }

  /** Starts waiting runs until the largest number of simultaneous runs is reached. */
  #admit(): void {
    for (let live = this.#queue.next(); live; live = this.#queue.next()) {
      if (live.isOpen) this.#goOn(live);
      else {
        live.open();
        this.#fire(live.run, 'state');
      }
    }
  }

  #goOn(live: LiveRun): void {
    live.control?.resume();
    live.run.record.status = 'running';
    this.#fire(live.run, 'state');
  }

  /** Called when a run is paused: another run may take its place. */
  #rest(live: LiveRun): void {
    live.run.record.status = 'paused';
    this.#fire(live.run, 'state');
    this.#admit();
  }

  async #finish(live: LiveRun, end: RunEnd): Promise<void> {
    this.#live.delete(live);
    if (this.#isDisposed) return;
    const { run } = live;
    const { record } = run;
    endRecord(record, end, live.isStopped);
    record.elapsedMs = this.#now() - record.startedAt;
    this.#fire(run, 'state');
    this.#admit();
    await this.#archive.close(run, live.writer);
    await this.#archive.write(run);
    this.#memory.use(run);
    await this.#prune();
    run.markFinished();
    this.#fire(run, 'state');
  }

  /** Removes the oldest runs, in memory and on disk, except those that are running, displayed or pinned. */
  async #prune(): Promise<void> {
    const superseded = supersededTests(this.#history);
    await this.#remove(this.#removable.filter((run) => superseded.has(run)));
    const removable = this.#removable;
    await this.#remove(removable.slice(0, this.#numberToRemove(removable)));
  }

  get #removable(): readonly Run[] {
    return this.#history.filter((run) => !run.isLive && !run.record.isPinned && !this.#memory.isHeld(run));
  }

  /** How many of the oldest removable runs must go. */
  #numberToRemove(removable: readonly Run[]): number {
    if (!this.#parts.files) return Math.max(0, this.#history.length - runsInMemory);
    const allowed = this.#parts.storageBytes?.() ?? defaultStorageBytes;
    let bytes = 0;
    for (const run of this.#history) bytes += this.#archive.bytesOf(run);
    let count = 0;
    // The newest run stays, however large it is.
    while (bytes > allowed && count < removable.length && removable[count] !== this.#history.at(-1))
      bytes -= this.#archive.bytesOf(removable[count++]!);
    return count;
  }

  async #remove(removed: readonly Run[]): Promise<void> {
    if (removed.length === 0) return;
    this.#history = this.#history.filter((run) => !removed.includes(run));
    for (const run of removed) {
      this.#memory.forget(run);
      this.#fire(run, 'removed');
    }
    for (const run of removed) await this.#archive.remove(run);
  }

  #fire(run: Run, what: RunChange['what']): void {
    this.#changed.fire({ run, what });
  }
}

/** The tests of each loss that have a newer result: tests run often, for example at each save, and must not fill the history. */
function supersededTests(history: readonly Run[]): ReadonlySet<Run> {
  const newest = new Map<string, Run>();
  const superseded = new Set<Run>();
  for (const run of history) {
    const { isTest, source } = run.record;
    if (!isTest || run.isLive) continue;
    const key = `${source.file}#${source.lossName}`;
    const older = newest.get(key);
    if (older) superseded.add(older);
    newest.set(key, run);
  }
  return superseded;
}
