import { signal } from '@preact/signals';
import type { Frame, HostApi, PanelApi, ReportView, RunSummary, RunView } from '../../src/protocol/panel';
import { recordedIn } from './coordinateNames';
import { Explaining } from './explaining';
import { isLive } from './isLive';
import type { ChartId } from './memory';
import { PaintLoop, type Screen } from './paintLoop';
import { Picking } from './picking';
import { Playback } from './playback';
import { type MemoryPlace, Settings } from './settings';
import { firstSlots, type Slots, shownCoordinates, slotsWithin, spreadSlots, toggled } from './slots';
import { StepFocus } from './stepFocus';
import { viewRequestOf } from './viewRequest';

export interface RunList {
  readonly runs: readonly RunSummary[];
  readonly selected: string | null;
}

/** The delay before a changed view is requested from the host, because scrolling a mouse wheel causes many changes. */
const viewRestMs = 60;
/** Texts are updated four times per second during a run; charts are updated with every frame. */
const textRestMs = 250;

/** The cursor rests when it has not moved for so long: a key that is held down moves it many times. */
const cursorRestMs = 120;

/**
 * The state of the page, in signals. Data from the host are replaced as a whole. A change by the user (zoom, cursor, shown
 * coordinates, settings of charts) is drawn at once from the existing data, and new data are requested from the host.
 */
export class Dashboard {
  readonly runList = signal<RunList>({ runs: [], selected: null });
  /** undefined before the first message of the host and while a report is shown; null if nothing has run yet. */
  readonly run = signal<RunView | null | undefined>(undefined);
  /** The report that is shown; null if a run is shown. */
  readonly report = signal<ReportView | null>(null);
  readonly frame = signal<Frame | null>(null);
  /** The last frame, updated at the lower rate of texts. */
  readonly textFrame = signal<Frame | null>(null);
  readonly slots = signal<Slots>([]);
  /** The message of a failed host call; null if there is none. */
  readonly notice = signal<string | null>(null);
  readonly paint: PaintLoop;
  readonly focus = new StepFocus(
    () => this.#steps,
    (step, by) => {
      const run = this.run.value;
      return run?.training ? this.host.recordedStep(run.id, step, by) : null;
    },
  );
  readonly playback = new Playback(this.focus);
  readonly explaining = new Explaining();
  /** The chart that fills the panel; null for none. */
  readonly enlarged = signal<ChartId | null>(null);
  readonly settings: Settings;
  readonly picking = new Picking(() => this.host);

  #host: HostApi | null = null;
  /** The run to which zoom and cursor belong; they are kept while a report is shown. */
  #runInFocus: string | null = null;
  #plotWidth = 300;
  #asked = '';
  #viewTimer: ReturnType<typeof setTimeout> | null = null;
  #textTimer: ReturnType<typeof setTimeout> | null = null;
  #cursorTimer: ReturnType<typeof setTimeout> | null = null;
  /** The step to which the host moves the cursor, until the page has it. */
  #wanted: number | null = null;
  #isMovedByHost = false;

  constructor(memory: MemoryPlace, screen: Screen) {
    this.paint = new PaintLoop(screen);
    this.settings = new Settings(memory);
    const changed = () => {
      this.paint.request();
      this.#viewChanged();
    };
    this.settings.remembered.subscribe(changed);
    this.focus.zoom.subscribe(changed);
    this.focus.cursor.subscribe((step) => this.#onCursor(step));
  }

  /** Reports where the user has moved the cursor, once it rests. */
  #onCursor(step: number | null): void {
    if (this.#cursorTimer !== null) clearTimeout(this.#cursorTimer);
    const run = this.run.value;
    if (step === null || !run || this.#isMovedByHost) return;
    this.#wanted = null;
    this.#cursorTimer = setTimeout(() => this.host.cursorMoved(run.id, step), cursorRestMs);
  }

  /** As near as possible: the frame with that step may follow. */
  #goToWanted(): void {
    if (this.#wanted === null) return;
    this.#isMovedByHost = true;
    this.focus.moveCursor(this.#wanted);
    this.#isMovedByHost = false;
    if (this.focus.cursor.value === this.#wanted) this.#wanted = null;
  }

  get host(): HostApi {
    if (this.#host === null) throw new Error('The dashboard is not connected.');
    return this.#host;
  }

  connect(host: HostApi): void {
    this.#host = host;
    host.ready();
  }

  /** The calls of the host. They are closures, because the channel calls them without a receiver. */
  readonly panel: PanelApi = {
    setRuns: (runs, selected) => {
      this.runList.value = { runs, selected };
      // A page that shows the newest run shows the newest one again after a reload: the page's state is saved late, so an id
      // that changed just before the reload would be lost.
      this.settings.setShown(selected === runs.at(-1)?.id ? null : selected);
    },
    setRun: (run) => this.#setRun(run),
    setReport: (report) => this.#setReport(report),
    frame: (frame) => this.#setFrame(frame),
    goTo: (runId, step) => {
      if (this.run.value?.id !== runId) return;
      this.#wanted = Math.max(1, step);
      this.#goToWanted();
    },
    moveCursor: (by) => {
      if (this.run.value) this.focus.moveBy(by);
    },
  };

  /** The width of a chart's plot in pixels, which is the useful number of buckets. */
  setPlotWidth(width: number): void {
    const rounded = Math.max(100, Math.ceil(width / 20) * 20);
    if (rounded === this.#plotWidth) return;
    this.#plotWidth = rounded;
    this.#viewChanged();
  }

  toggleCoordinate(coordinate: number, limit: number): void {
    this.#setSlots(toggled(this.slots.value, coordinate, limit));
  }

  /** Shows or hides a coordinate; if its values are not recorded, computes them first. */
  pick(coordinate: number, limit: number): void {
    const run = this.run.value;
    if (!run) return;
    if (recordedIn(run).has(coordinate)) {
      this.toggleCoordinate(coordinate, limit);
      return;
    }
    // Its training cannot be repeated here.
    if (run.training !== null) return;
    void this.#fillIn(run.id, coordinate, limit).catch((error: unknown) => {
      this.notice.value = error instanceof Error ? error.message : String(error);
    });
  }

  /** Shows a coordinate as soon as the visible steps have been computed; then the others are. */
  async #fillIn(runId: string, coordinate: number, limit: number): Promise<void> {
    const range = this.focus.zoom.value;
    for (const part of range === null ? [null] : [range, null]) {
      if (!(await this.picking.fillIn(runId, coordinate, part)) || this.run.value?.id !== runId) return;
      if (!this.slots.value.includes(coordinate)) this.toggleCoordinate(coordinate, limit);
    }
  }

  /** Shows the coordinates that are shown before the user chooses any. */
  showInitial(): void {
    const run = this.run.value;
    if (!run) return;
    this.settings.forgetCoordinates(run.lossName);
    this.slots.value = initialSlots(run);
    this.#viewChanged();
  }

  showOnly(coordinates: readonly number[]): void {
    this.#setSlots([...coordinates]);
  }

  /** Explains the update at the step cursor. @param coordinate  absent: the one that was explained last, else the first shown one */
  explain(coordinate?: number): void {
    // The steps between the recorded ones, of which an update is made up, are not known.
    if (this.run.value?.training) return;
    this.explaining.open(
      coordinate,
      shownCoordinates(this.slots.value).map((each) => each.coordinate),
    );
  }

  #setRun(run: RunView | null): void {
    const before = this.run.value;
    this.#leave(this.report.value !== null || run?.id !== before?.id);
    if (run !== null && run.id !== this.#runInFocus) this.focus.reset();
    this.#runInFocus = run?.id ?? null;
    // The coordinates are known only once the loss is loaded.
    if (run !== null && (run.id !== before?.id || recordedIn(before).length === 0)) {
      const kept = this.settings.coordinatesOf(run.lossName);
      if (kept === undefined) this.slots.value = run.hasBands ? [] : initialSlots(run);
      else this.slots.value = slotsWithin(kept, recordedIn(run));
    }
    this.run.value = run;
    this.report.value = null;
    this.paint.request();
    this.#askForView();
  }

  #setReport(report: ReportView): void {
    this.#leave(this.report.value?.id !== report.id);
    this.report.value = report;
    this.run.value = undefined;
    // When the run is shown again, its view is requested again.
    this.#asked = '';
    this.paint.request();
  }

  /** Clears the state of the run or report that is replaced. */
  #leave(leaves: boolean): void {
    if (!leaves) return;
    this.frame.value = null;
    this.textFrame.value = null;
    this.focus.hover.value = null;
    this.playback.stop();
    this.explaining.close();
    this.enlarged.value = null;
    this.notice.value = null;
  }

  #setFrame(frame: Frame): void {
    const current = frame.runId === this.run.value?.id;
    if (current) {
      this.frame.value = frame;
      this.#goToWanted();
      this.#showMattering(frame);
      this.#textLater();
    }
    this.paint.request(() => this.host.ack(frame.seq));
  }

  /**
   * Until the user chooses coordinates, a run with many shows those that matter: at its first ranking, and again at its end. In
   * between they stay, because lines that come and go cannot be followed.
   */
  #showMattering({ mattering }: Frame): void {
    const run = this.run.value;
    if (!run?.hasBands || this.settings.coordinatesOf(run.lossName) !== undefined) return;
    if (this.slots.value.length > 0 && isLive(run.status)) return;
    const coordinates = mattering.map(({ coordinate }) => coordinate);
    const slots = coordinates.length > 0 ? coordinates : spreadSlots(recordedIn(run));
    if (slots.join() === this.slots.value.join()) return;
    this.slots.value = slots;
    this.#viewChanged();
  }

  #textLater(): void {
    if (this.textFrame.value === null) {
      this.#textNow();
      return;
    }
    this.#textTimer ??= setTimeout(() => {
      this.#textTimer = null;
      this.#textNow();
    }, textRestMs);
  }

  #textNow(): void {
    const frame = this.frame.value;
    const run = this.run.value;
    this.textFrame.value = frame;
    if (frame && run && frame.runId === run.id)
      this.run.value = { ...run, steps: frame.steps, scalars: frame.scalars };
  }

  /**
   * The number of steps in the newest frame. A component that reads it is rendered again at the rate of
   * texts.
   */
  get #steps(): number {
    if (this.textFrame.value === null) return this.run.value?.steps ?? 0;
    return this.frame.peek()?.steps ?? 0;
  }

  /** Shows the coordinates that matter, and again those of later runs. */
  showMattering(): void {
    const run = this.run.value;
    const frame = this.frame.value;
    if (!run || !frame) return;
    this.settings.forgetCoordinates(run.lossName);
    this.slots.value = [];
    this.#showMattering(frame);
  }

  #setSlots(slots: Slots): void {
    this.slots.value = slots;
    const run = this.run.value;
    if (run) this.settings.setCoordinates(run.lossName, slots);
  }

  #viewChanged(): void {
    this.#viewTimer ??= setTimeout(() => {
      this.#viewTimer = null;
      this.#askForView();
    }, viewRestMs);
  }

  /** Requests the view, unless the host is already sending exactly this view. */
  #askForView(): void {
    const run = this.run.value;
    if (!run) return;
    const request = viewRequestOf(
      run,
      this.settings,
      this.slots.value,
      this.focus.zoom.value,
      this.#plotWidth,
    );
    const text = JSON.stringify(request);
    if (text === this.#asked) return;
    this.#asked = text;
    this.host.setView(request);
  }
}

/** Of a training, coordinates of several tensors: the first ones would be of one. */
function initialSlots(run: RunView): Slots {
  return run.training === null ? firstSlots(recordedIn(run)) : spreadSlots(recordedIn(run));
}
