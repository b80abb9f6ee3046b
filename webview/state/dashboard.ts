import {
  type Frame,
  globalQuantities,
  type HostApi,
  type PanelApi,
  type Quantity,
  type QuantityView,
  type RunSummary,
  type RunView,
  type ViewRequest,
} from '../../src/protocol/panel';
import { chartsOf, mayBeLog, startsLog } from './chartOrder';
import { type ChartId, type ChartSettings, type Remembered, readRemembered } from './memory';
import { PaintLoop } from './paintLoop';
import { firstSlots, type Slots, shownCoordinates, slotsWithin, toggled } from './slots';
import { rangeShowing, type StepRange, settledRange, zoomedRange } from './stepRange';
import { Store } from './store';

export interface RunList {
  readonly runs: readonly RunSummary[];
  readonly selected: string | null;
}

/** Where the dashboard keeps what it remembers: the webview's own state. */
export interface MemoryPlace {
  getState(): unknown;
  setState(state: unknown): void;
}

const perStep: ReadonlySet<Quantity> = new Set(globalQuantities);

/** How long a change of view rests before the host is asked: a wheel turns many notches. */
const viewRestMs = 60;
/** Texts follow a running run four times a second; charts follow every frame. */
const textRestMs = 250;

/**
 * All that the page shows, in stores. What comes from the host is replaced whole; what the user does (zoom, cursor,
 * shown coordinates, settings of charts) changes here, is drawn at once from what is there, and is asked of the host.
 */
export class Dashboard {
  readonly runList = new Store<RunList>({ runs: [], selected: null });
  /** undefined until the host has spoken; null when nothing has run yet. */
  readonly run = new Store<RunView | null | undefined>(undefined);
  readonly frame = new Store<Frame | null>(null);
  /** The frame again, at a pace for texts. */
  readonly textFrame = new Store<Frame | null>(null);
  readonly slots = new Store<Slots>([]);
  /** Steps in sight; null follows the whole run. */
  readonly zoom = new Store<StepRange | null>(null);
  /** The step that the user chose; null follows the last one. */
  readonly cursor = new Store<number | null>(null);
  /** The step under the pointer, while there is one. */
  readonly hover = new Store<number | null>(null);
  readonly remembered: Store<Remembered>;
  /** A host call that failed, in a sentence; null when there is nothing to say. */
  readonly notice = new Store<string | null>(null);
  readonly paint = new PaintLoop();

  readonly #memory: MemoryPlace;
  #host: HostApi | null = null;
  #plotWidth = 300;
  #asked = '';
  #viewTimer: ReturnType<typeof setTimeout> | null = null;
  #textTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(memory: MemoryPlace) {
    this.#memory = memory;
    this.remembered = new Store(readRemembered(memory.getState()));
  }

  get host(): HostApi {
    if (this.#host === null) throw new Error('The dashboard is not connected.');
    return this.#host;
  }

  connect(host: HostApi): void {
    this.#host = host;
    host.ready();
  }

  /** What the host calls; closures, because the channel calls them without a receiver. */
  readonly panel: PanelApi = {
    setRuns: (runs, selected) => {
      this.runList.value = { runs, selected };
    },
    setRun: (run) => this.#setRun(run),
    frame: (frame) => this.#setFrame(frame),
  };

  /** Steps that can be shown: those of the last frame or, before it, of the run. */
  get steps(): number {
    return this.frame.value?.steps ?? this.run.value?.steps ?? 0;
  }

  /** First and last step in sight. */
  get range(): StepRange {
    return this.zoom.value ?? [1, Math.max(2, this.steps)];
  }

  /** The step that everything about one step is about: the pointer's, else the chosen, else the last. */
  get stepInFocus(): number {
    return Math.max(
      1,
      Math.min(this.hover.value ?? this.cursor.value ?? this.steps, Math.max(1, this.steps)),
    );
  }

  moveCursor(step: number | null): void {
    if (step === null) {
      this.cursor.value = null;
      return;
    }
    const settled = Math.max(1, Math.min(Math.round(step), Math.max(1, this.steps)));
    this.cursor.value = settled;
    const zoom = this.zoom.value;
    if (zoom !== null) this.setZoom(rangeShowing(zoom, settled, this.steps));
  }

  setZoom(range: StepRange | null): void {
    const next = range === null ? null : settledRange(range, this.steps);
    const now = this.zoom.value;
    if (next !== null && now !== null && next[0] === now[0] && next[1] === now[1]) return;
    this.zoom.value = next;
    this.paint.request();
    this.#viewChanged();
  }

  /** Zooms about the step in focus if it is in sight, else about the middle. */
  zoomBy(factor: number): void {
    const range = this.range;
    const step = this.stepInFocus;
    const centre = step >= range[0] && step <= range[1] ? step : (range[0] + range[1]) / 2;
    this.setZoom(zoomedRange(range, centre, factor, this.steps));
  }

  /** The width of a chart's plot in pixels: so many buckets are worth asking for. */
  setPlotWidth(width: number): void {
    const rounded = Math.max(100, Math.ceil(width / 20) * 20);
    if (rounded === this.#plotWidth) return;
    this.#plotWidth = rounded;
    this.#viewChanged();
  }

  toggleCoordinate(coordinate: number, limit: number): void {
    this.#setSlots(toggled(this.slots.value, coordinate, limit));
  }

  showOnly(coordinates: readonly number[]): void {
    this.#setSlots([...coordinates]);
  }

  chartSettings(id: ChartId): ChartSettings {
    return this.remembered.value.charts[id] ?? {};
  }

  setChart(id: ChartId, settings: ChartSettings): void {
    const { charts } = this.remembered.value;
    this.#remember({ ...this.remembered.value, charts: { ...charts, [id]: { ...charts[id], ...settings } } });
    this.paint.request();
    this.#viewChanged();
  }

  isLog(view: QuantityView): boolean {
    return mayBeLog(view) && (this.chartSettings(view.quantity).log ?? startsLog(view));
  }

  #setRun(run: RunView | null): void {
    const before = this.run.value;
    if (run !== null && run.id !== before?.id) {
      this.frame.value = null;
      this.textFrame.value = null;
      this.zoom.value = null;
      this.cursor.value = null;
      this.hover.value = null;
      this.notice.value = null;
    }
    // The coordinates are known only once the loss is loaded.
    if (run !== null && (run.id !== before?.id || run.coordinates.length !== before.coordinates.length)) {
      const kept = this.remembered.value.coordinates[run.lossName];
      this.slots.value =
        kept === undefined ? firstSlots(run.coordinates) : slotsWithin(kept, run.coordinates);
    }
    this.run.value = run;
    this.paint.request();
    this.#askForView();
  }

  #setFrame(frame: Frame): void {
    const current = frame.runId === this.run.value?.id;
    if (current) {
      this.frame.value = frame;
      this.#textLater();
    }
    this.paint.request(() => this.host.ack(frame.seq));
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

  #setSlots(slots: Slots): void {
    this.slots.value = slots;
    const run = this.run.value;
    if (run) {
      const { coordinates } = this.remembered.value;
      this.#remember({ ...this.remembered.value, coordinates: { ...coordinates, [run.lossName]: slots } });
    }
    this.paint.request();
    this.#viewChanged();
  }

  #remember(remembered: Remembered): void {
    this.remembered.value = remembered;
    this.#memory.setState(remembered);
  }

  #viewChanged(): void {
    this.#viewTimer ??= setTimeout(() => {
      this.#viewTimer = null;
      this.#askForView();
    }, viewRestMs);
  }

  /** Asks for what is drawn, unless the host is already sending just that. */
  #askForView(): void {
    const request = this.#viewRequest();
    const text = JSON.stringify(request);
    if (request === null || text === this.#asked) return;
    this.#asked = text;
    this.host.setView(request);
  }

  #viewRequest(): ViewRequest | null {
    const run = this.run.value;
    if (!run) return null;
    const shown = chartsOf(run.quantities)
      .map(({ quantity }) => quantity)
      .filter((quantity) => this.chartSettings(quantity).hidden !== true);
    const hasBest = run.quantities.some(({ quantity }) => quantity === 'best');
    return {
      runId: run.id,
      range: this.zoom.value,
      width: this.#plotWidth,
      quantities: shown.includes('loss') && hasBest ? [...shown, 'best'] : shown,
      coordinates: shownCoordinates(this.slots.value).map(({ coordinate }) => coordinate),
      path: run.dim === 2 && this.chartSettings('contour').hidden !== true,
    };
  }
}

/** Whether a quantity is one number a step, not one a coordinate. */
export function isPerStep(quantity: Quantity): boolean {
  return perStep.has(quantity);
}
