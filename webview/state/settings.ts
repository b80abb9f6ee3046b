import { type Signal, signal } from '@preact/signals';
import type { RunChart } from './chartOrder';
import {
  type ChartId,
  type ChartSettings,
  type Remembered,
  type ReportChartSettings,
  readRemembered,
} from './memory';
import type { Slots } from './slots';

/** Storage for the settings of the page: the state of the webview. */
export interface MemoryPlace {
  getState(): unknown;
  setState(state: unknown): void;
}

/** The user's display settings. They are stored at once, so that hiding and reloading do not lose them. */
export class Settings {
  readonly remembered: Signal<Remembered>;
  readonly #place: MemoryPlace;

  constructor(place: MemoryPlace) {
    this.#place = place;
    this.remembered = signal(readRemembered(place.getState()));
  }

  chart(id: ChartId): ChartSettings {
    return this.remembered.value.charts[id] ?? {};
  }

  setChart(id: ChartId, change: ChartSettings): void {
    const { charts } = this.remembered.value;
    this.#remember({ charts: { ...charts, [id]: { ...charts[id], ...change } } });
  }

  isHidden({ id, startsHidden }: Pick<RunChart, 'id' | 'startsHidden'>): boolean {
    return this.chart(id).hidden ?? startsHidden;
  }

  isLog({ id, log, startsLog }: RunChart): boolean {
    return log !== null && (this.chart(id).log ?? startsLog);
  }

  isUncorrectedShown({ id, uncorrected }: RunChart): boolean {
    return uncorrected !== null && this.chart(id).uncorrected === true;
  }

  /** The weight of the moving average of a chart in percent; 0: none. */
  smoothingOf({ id }: Pick<RunChart, 'id'>): number {
    return this.chart(id).smooth ?? 0;
  }

  reportChart(id: string): ReportChartSettings {
    return this.remembered.value.reportCharts[id] ?? {};
  }

  setReportChart(id: string, change: ReportChartSettings): void {
    const { reportCharts } = this.remembered.value;
    this.#remember({ reportCharts: { ...reportCharts, [id]: { ...reportCharts[id], ...change } } });
  }

  coordinatesOf(lossName: string): Slots | undefined {
    return this.remembered.value.coordinates[lossName];
  }

  setCoordinates(lossName: string, slots: Slots): void {
    const { coordinates } = this.remembered.value;
    this.#remember({ coordinates: { ...coordinates, [lossName]: slots } });
  }

  forgetCoordinates(lossName: string): void {
    const { [lossName]: _, ...coordinates } = this.remembered.value.coordinates;
    this.#remember({ coordinates });
  }

  setInspectAll(inspectAll: boolean): void {
    this.#remember({ inspectAll });
  }

  setShown(shown: string | null): void {
    if (shown !== this.remembered.value.shown) this.#remember({ shown });
  }

  #remember(change: Partial<Remembered>): void {
    const remembered = { ...this.remembered.value, ...change };
    this.#place.setState(remembered);
    this.remembered.value = remembered;
  }
}
