import type { RunConfigPatch } from '../../core/config/runConfig';
import type { Fix } from '../../core/diagnosis/finding';
import type { PathPlane } from '../../core/trace/pathPlane';
import { runPhases } from '../../core/trace/runPhases';
import { packed } from '../../protocol/packedNumbers';
import type { HostApi, PanelApi, ViewRequest } from '../../protocol/panel';
import { type Channel, connect, type Peer } from '../../protocol/rpc';
import type { Disposable } from '../../runs/emitter';
import { explained, explainedSpan, recordedSteps } from '../../runs/explainedUpdate';
import { fillHistory } from '../../runs/fillHistory';
import { offeredFix } from '../../runs/offeredFix';
import { type Repeat, type RepeatedSteps, repeatSteps } from '../../runs/repeatSteps';
import type { ReportEntry } from '../../runs/reportEntry';
import type { Reports } from '../../runs/reports';
import type { Run } from '../../runs/run';
import { RunPlaces } from '../../runs/runPlaces';
import type { RunChange, RunStore } from '../../runs/runStore';
import { checkedCalls } from './checkedCalls';
import { beforeTheFirstRequest } from './expectedView';
import { extremesOf } from './extremes';
import { frameOf, rowsOf } from './frame';
import { heatmapOf } from './heatmap';
import { planeOf } from './plane';
import { rankingAt } from './ranking';
import { reportSummary, reportView } from './reportView';
import { summaryOf, viewOf } from './runView';
import { recordedStepOf, tensorMapOf, tensorsAt, tensorsOf } from './tensors';

/** The actions of the buttons of a dashboard, except those on a run in progress. */
export interface PanelActions {
  runAgain(run: Run): void;
  configure(run: Run): void;
  copyFitted(run: Run): void;
  applyFix(run: Run, fix: Fix): void;
  runWithFix(run: Run, fix: Fix): void;
  compareWithFix(run: Run, fix: Fix): void;
  cursorMoved: HostApi['cursorMoved'];
  debug(run: Run): void;
  tryHere: HostApi['tryHere'];
  stopTrying: HostApi['stopTrying'];
  grid: (run: Run, x: readonly [number, number], y: readonly [number, number]) => ReturnType<HostApi['grid']>;
  repeat: Repeat;
  /** Evaluates the loss on a grid of a plane. */
  planeGrid(
    run: Run,
    plane: PathPlane,
    sides: readonly [readonly [number, number], readonly [number, number]],
    signal: AbortSignal,
  ): ReturnType<HostApi['grid']>;
  reveal: HostApi['reveal'];
  explain: HostApi['explain'];
  openGlossary: HostApi['openGlossary'];
  openSamples: HostApi['openSamples'];
  savePicture: HostApi['savePicture'];
  applyRow(report: ReportEntry, table: number, row: number): void;
  runRow(report: ReportEntry, table: number, row: number): void;
  /** Runs a cell of a sweep. */
  runCell(report: ReportEntry, patch: RunConfigPatch): void;
}

/** The editor around a dashboard. */
export interface Surroundings {
  /** The path of a file relative to the workspace. */
  relative(file: string): string;
  /** The text of a file in an open editor; undefined if the file is not open. */
  openText(file: string): string | undefined;
  isTrusted(): boolean;
}

export interface PanelParts {
  readonly store: RunStore;
  readonly reports: Reports;
  readonly actions: PanelActions;
  readonly surroundings: Surroundings;
}

/** The least time between two frames, and between two views of the run. */
const restMs = 40;
/** The delay after the last key stroke. */
const editDelayMs = 250;
/** The share of the planned steps after which a history that follows its run is continued. */
const followedShare = 1 / 16;
const cancelledHistory = 'The computation of the history was cancelled.';
const isTraining = 'Nothing of a recorded training can be evaluated again here.';
const nothingKept = 'This run is no longer in the history.';

/**
 * One dashboard: shows a run or a report, and handles the calls of its page. It stores no data and reads
 * everything from the store, so it can be closed, hidden or reloaded at any time. One frame is in flight at a
 * time.
 */
export class PanelSession {
  readonly #parts: PanelParts;
  readonly #peer: Peer<PanelApi>;
  readonly #subscriptions: Disposable[];
  #shownId: string | null;
  /** Keeps the steps of the displayed run in memory. */
  #hold: { readonly run: Run; readonly hold: Disposable } | null = null;
  #view: ViewRequest | null = null;
  #seq = 0;
  #inFlight = false;
  /** When the page was last sent a view of the run, and a frame. They do not delay each other. */
  readonly #sentAt = { state: Number.NEGATIVE_INFINITY, steps: Number.NEGATIVE_INFINITY };
  #framePending = false;
  #statePending = false;
  /** Whether there is a page. What is sent before would wait for it, and be drawn one after the other. */
  #isReady = false;
  #isDisposed = false;
  /** The replay in progress for an explanation. */
  #replay: AbortController | null = null;
  /** The replay in progress for the history of a picked coordinate. */
  #filling: AbortController | null = null;
  /** The coordinates whose histories follow a run in progress. */
  readonly #following = new Map<Run, Set<number>>();
  /** The evaluation of the loss in a plane in progress. */
  #planeGrid: AbortController | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is due. */
  #dueAt = Number.POSITIVE_INFINITY;
  #editTimer: NodeJS.Timeout | undefined;

  /** @param shownId  of the run or report to show; null: the newest run */
  constructor(channel: Channel, parts: PanelParts, shownId: string | null) {
    this.#parts = parts;
    this.#shownId = shownId;
    this.#subscriptions = [
      parts.store.onDidChange((change) => this.#onChange(change)),
      parts.reports.onDidChange(() => this.#schedule('state')),
    ];
    this.#peer = connect<PanelApi, HostApi>(checkedCalls(this.#hostApi()), channel);
  }

  /** The displayed run; undefined if there is none, or a report is shown. */
  get run(): Run | undefined {
    if (this.#report) return undefined;
    const { store } = this.#parts;
    return (this.#shownId === null ? undefined : store.find(this.#shownId)) ?? store.latest;
  }

  /** @param id  of a run or a report */
  show(id: string): void {
    this.#shownId = id;
    this.#showSelected();
  }

  /** Moves the step cursor. @param by  a number of steps, negative: back */
  moveCursor(by: number): void {
    void this.#peer.moveCursor.asEvent(by);
  }

  /** Moves the step cursor to a step, if this run is shown. */
  goTo(runId: string, step: number): void {
    void this.#peer.goTo.asEvent(runId, step);
  }

  /** Updates the places of the findings after a change of the text. */
  onEdit(file: string): void {
    const source = this.run?.record.source;
    if (file !== source?.file && !source?.texts.some(([loaded]) => loaded === file)) return;
    clearTimeout(this.#editTimer);
    this.#editTimer = setTimeout(() => this.#schedule('state'), editDelayMs);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#replay?.abort();
    this.#filling?.abort();
    this.#planeGrid?.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#editTimer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#hold?.hold.dispose();
    this.#hold = null;
    this.#peer.$close();
  }

  get #report(): ReportEntry | undefined {
    return this.#shownId === null ? undefined : this.#parts.reports.find(this.#shownId);
  }

  #onChange({ run, what }: RunChange): void {
    if (what === 'removed') this.#following.delete(run);
    else this.#follow(run);
    if (what !== 'steps') this.#schedule('state');
    else if (run === this.run) this.#schedule('steps');
  }

  #showSelected(): void {
    if (this.#isDisposed) return;
    const { run } = this;
    if (this.#hold?.run !== run) {
      this.#hold?.hold.dispose();
      this.#hold = run ? { run, hold: this.#parts.store.hold(run) } : null;
    }
    const show = () => this.#schedule('state');
    if (run) void this.#parts.store.load(run).then(show, show);
    else show();
  }

  #schedule(what: 'state' | 'steps'): void {
    if (this.#isDisposed || !this.#isReady) return;
    this.#framePending = true;
    if (what === 'state') this.#statePending = true;
    const at = this.#sentAt[what] + restMs;
    if (at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#send(), Math.max(0, at - performance.now()));
  }

  /** Whether it may be sent now; if not, it is scheduled. */
  #mayGo(what: 'state' | 'steps'): boolean {
    // A timer may fire a moment too early.
    if (performance.now() >= this.#sentAt[what] + restMs - 1) return true;
    this.#schedule(what);
    return false;
  }

  #send(): void {
    this.#timer = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    const { run } = this;
    // Another run is now the newest one.
    if (run !== this.#hold?.run) this.#showSelected();
    if (this.#statePending && this.#mayGo('state')) {
      this.#statePending = false;
      this.#sendState(run);
      // Other work gets its turn, however long this took.
      this.#sentAt.state = performance.now();
    }
    if (this.#inFlight || !this.#framePending || !run) return;
    // The first steps would wait until the page has drawn an empty frame.
    if (run.steps === 0 && (run.record.status === 'loading' || run.record.status === 'running')) return;
    if (!this.#mayGo('steps')) return;
    this.#inFlight = true;
    this.#seq++;
    const view = this.#view?.runId === run.record.id ? this.#view : beforeTheFirstRequest(run);
    const { frame, isWhole } = frameOf(run, view, this.#seq);
    this.#framePending = !isWhole;
    void this.#peer.frame.asEvent(frame);
    this.#sentAt.steps = performance.now();
  }

  #sendState(run: Run | undefined): void {
    const { store, reports, surroundings } = this.#parts;
    const report = this.#report;
    // The runs of a sweep are reached through its report, and would hide all others here.
    const runs = store.history.filter((each) => each.record.sweep === undefined || each === run);
    const history = [...runs.map(summaryOf), ...reports.history.map(reportSummary)];
    history.sort((a, b) => a.startedAt - b.startedAt);
    void this.#peer.setRuns.asEvent(history, report?.id ?? run?.record.id ?? null);
    const relative = (file: string) => surroundings.relative(file);
    if (report) void this.#peer.setReport.asEvent(reportView(report, relative));
    else
      void this.#peer.setRun.asEvent(
        run
          ? viewOf(
              run,
              relative(run.record.source.file),
              this.#placesOf(run),
              reports.find(run.record.sweep ?? '')?.id ?? null,
              this.#editedFiles(run).map(relative),
            )
          : null,
      );
  }

  /** The files of the run whose text in an open editor is not the one that the run loaded. */
  #editedFiles({ record }: Run): string[] {
    const { openText } = this.#parts.surroundings;
    return record.source.texts.flatMap(([file, text]) => {
      const now = openText(file);
      return now === undefined || now === text ? [] : [file];
    });
  }

  /** Places in the open documents, or, if the loss has changed there, in the source of the run. */
  #placesOf(run: Run): RunPlaces | null {
    const loaded = new Map(run.record.source.texts);
    const { openText } = this.#parts.surroundings;
    return RunPlaces.now(run, (file) => openText(file) ?? loaded.get(file)) ?? RunPlaces.atRun(run);
  }

  #find(runId: string): Run {
    const run = this.#parts.store.find(runId);
    if (!run) throw new Error(nothingKept);
    return run;
  }

  #findReport(id: string): ReportEntry {
    const report = this.#parts.reports.find(id);
    if (!report) throw new Error('This report is no longer in the history.');
    return report;
  }

  #hostApi(): HostApi {
    const { store, reports, actions } = this.#parts;
    return {
      ready: () => {
        this.#isReady = true;
        this.#inFlight = false;
        this.#view = null;
        void Promise.all([store.restored, reports.restored]).then(() => this.#showSelected());
      },
      setView: (view) => {
        this.#view = view;
        this.#schedule('steps');
      },
      ack: (seq) => {
        if (seq !== this.#seq) return;
        this.#inFlight = false;
        if (this.#framePending || this.#statePending) this.#schedule('steps');
      },
      rows: async (runId, steps, quantities, coordinates) => {
        const run = this.#find(runId);
        await store.load(run);
        return rowsOf(run, steps, quantities, coordinates);
      },
      heatmap: async (runId, quantity, level) => {
        const run = this.#find(runId);
        await store.load(run);
        return heatmapOf(run, quantity, level);
      },
      ranking: async (runId, step) => {
        const run = this.#find(runId);
        await store.load(run);
        return rankingAt(run, step);
      },
      tensors: async (runId) => tensorsOf(this.#find(runId)),
      recordedStep: async (runId, step, by) => recordedStepOf(this.#find(runId), step, by),
      tensorsAt: async (runId, step) => tensorsAt(this.#find(runId), step),
      tensorMap: async (runId, column) => tensorMapOf(this.#find(runId), column),
      explainUpdate: async (runId, step, coordinate, mayReplay) => {
        const run = this.#find(runId);
        this.#replay?.abort();
        await store.load(run);
        if (coordinate >= run.dim) throw new Error(`This run has no coordinate ${coordinate}.`);
        if (step > run.steps) throw new Error(`This run has no step ${step} yet.`);
        const recorded = recordedSteps(run, step, coordinate);
        if (recorded) return packed(explained(run, step, coordinate, recorded));
        if (run.record.recording) throw new Error(isTraining);
        if (!mayReplay) return null;
        return packed(explained(run, step, coordinate, await this.#replayed(run, step, coordinate)));
      },
      phases: async (runId) => {
        const run = this.#find(runId);
        await store.load(run);
        // The phases follow from every step.
        if (run.record.recording) return [];
        return run.trace && run.quantities ? runPhases(run.trace, run.quantities, run.record.config) : [];
      },
      extremes: async (runId) => {
        const run = this.#find(runId);
        await store.load(run);
        return extremesOf(run);
      },
      stopExplaining: () => this.#replay?.abort(),
      fillIn: (runId, coordinate, range) => this.#fillIn(this.#find(runId), coordinate, range),
      stopFillIn: () => this.#filling?.abort(),
      grid: async (runId, x, y) => {
        const run = this.#find(runId);
        this.#demandTrust();
        if (!run.mayEvaluate) throw new Error('Choose “Draw the contour” first: it evaluates the loss.');
        return actions.grid(run, x, y);
      },
      plane: async (runId) => {
        const run = this.#find(runId);
        await store.load(run);
        return planeOf(run)?.view ?? null;
      },
      planeGrid: async (runId, x, y) => {
        const run = this.#find(runId);
        this.#demandTrust();
        if (!run.mayEvaluate) throw new Error('Choose “Draw the loss” first: it evaluates the loss.');
        this.#planeGrid?.abort();
        await store.load(run);
        const shown = planeOf(run);
        if (!shown) throw new Error('This run has no plane.');
        const evaluation = new AbortController();
        this.#planeGrid = evaluation;
        try {
          return await actions.planeGrid(run, shown.plane, [x, y], evaluation.signal);
        } catch (error) {
          throw evaluation.signal.aborted ? new Error('The evaluation was cancelled.') : error;
        }
      },
      stopPlaneGrid: () => this.#planeGrid?.abort(),
      allowGrid: (runId) => {
        const run = this.#find(runId);
        if (run.record.recording) throw new Error(isTraining);
        this.#demandTrust();
        run.mayEvaluate = true;
        store.changed(run, false);
      },
      selectRun: (id) => this.show(id),
      cursorMoved: actions.cursorMoved,
      debug: (runId) => actions.debug(this.#find(runId)),
      runAgain: (runId) => actions.runAgain(this.#find(runId)),
      configure: (runId) => actions.configure(this.#find(runId)),
      copyFitted: (runId) => actions.copyFitted(this.#find(runId)),
      pause: (runId) => store.pause(runId),
      resume: (runId) => store.resume(runId),
      step: (runId) => store.step(runId),
      stop: (id) => {
        if (reports.find(id)) {
          if (reports.active?.id === id) reports.stop();
        } else void store.stop(id);
      },
      setLr: (runId, lr) => store.setLr(runId, lr),
      reveal: actions.reveal,
      applyFix: (...choice) => {
        const { run, fix } = offeredFix(store, ...choice);
        actions.applyFix(run, fix);
      },
      runWithFix: (...choice) => {
        const { run, fix } = offeredFix(store, ...choice);
        actions.runWithFix(run, fix);
      },
      compareWithFix: (...choice) => {
        const { run, fix } = offeredFix(store, ...choice);
        actions.compareWithFix(run, fix);
      },
      tryHere: (runId, findingId) => {
        this.#demandTrust();
        actions.tryHere(runId, findingId);
      },
      stopTrying: actions.stopTrying,
      explain: actions.explain,
      openGlossary: actions.openGlossary,
      applyRow: (reportId, table, row) => actions.applyRow(this.#findReport(reportId), table, row),
      runRow: (reportId, table, row) => actions.runRow(this.#findReport(reportId), table, row),
      openCell: (reportId, heatmap, index) => {
        const report = this.#findReport(reportId);
        const cell = report.report?.heatmaps?.[heatmap]?.cells[index];
        if (!cell) throw new Error('This cell is not in the report.');
        if (cell.run !== null && store.find(cell.run)) this.show(cell.run);
        else actions.runCell(report, cell.patch);
      },
      openSamples: actions.openSamples,
      savePicture: actions.savePicture,
    };
  }

  async #replayed(run: Run, step: number, coordinate: number): Promise<RepeatedSteps> {
    this.#demandTrust();
    const replay = new AbortController();
    this.#replay = replay;
    try {
      return await repeatSteps(
        run,
        explainedSpan(step),
        coordinate,
        this.#parts.actions.repeat,
        replay.signal,
      );
    } catch (error) {
      throw replay.signal.aborted ? new Error('The replay was cancelled.') : error;
    } finally {
      if (this.#replay === replay) this.#replay = null;
    }
  }

  /**
   * Repeats a run for the history of a coordinate that it did not record. A further call cancels it. While the run goes on, the
   * history follows it.
   */
  async #fillIn(
    run: Run,
    coordinate: number,
    range: readonly [number, number] | null,
    filling = new AbortController(),
  ): Promise<void> {
    const { store, actions } = this.#parts;
    this.#demandTrust();
    this.#filling?.abort();
    this.#filling = filling;
    try {
      await store.load(run);
      if (coordinate >= run.dim) throw new Error(`This run has no coordinate ${coordinate}.`);
      if (run.steps === 0) throw new Error('This run has made no step yet.');
      if (run.trace?.layout.coordinates.includes(coordinate)) return;
      const { signal } = filling;
      const { isLive } = run;
      await fillHistory(run, coordinate, range, actions.repeat, signal, (part, every) =>
        store.keepHistory(run, coordinate, part, every),
      );
      if (signal.aborted) throw new Error(cancelledHistory);
      if (isLive) this.#following.set(run, new Set([...(this.#following.get(run) ?? []), coordinate]));
    } catch (error) {
      throw filling.signal.aborted ? new Error(cancelledHistory) : error;
    } finally {
      if (this.#filling === filling) this.#filling = null;
    }
    this.#follow(run);
  }

  /** Makes the next steps of histories that follow their run, one after the other; the last ones when it has ended. */
  #follow(run: Run): void {
    const coordinates = this.#following.get(run);
    if (!coordinates || this.#filling || this.#isDisposed) return;
    const least = run.isLive ? run.record.config.steps * followedShare : 1;
    const behind = [...coordinates].find((coordinate) => {
      const { trace } = run.picked.get(coordinate) ?? {};
      return trace !== undefined && run.steps - trace.steps >= Math.max(least, trace.stride);
    });
    if (behind !== undefined) {
      const filling = new AbortController();
      this.#fillIn(run, behind, null, filling).catch(() => {
        // A history that cannot go on ends where it is. One that made way for another goes on later.
        if (!filling.signal.aborted) coordinates.delete(behind);
      });
    } else if (!run.isLive) this.#following.delete(run);
  }

  /** @throws if the workspace is not trusted, so that its code must not be evaluated */
  #demandTrust(): void {
    if (!this.#parts.surroundings.isTrusted())
      throw new Error('The workspace is not trusted, so its losses are not evaluated.');
  }
}
