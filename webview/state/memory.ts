import type { Quantity } from '../../src/protocol/panel';

/** The display options of a chart of a run; absent options have their default. */
export interface ChartSettings {
  readonly log?: boolean;
  readonly hidden?: boolean;
  readonly table?: boolean;
  /** Whether the quantity without bias correction is drawn too. */
  readonly uncorrected?: boolean;
  /** The weight of the moving average in percent; 0 or absent: none. */
  readonly smooth?: number;
}

/** The display options of a chart of a report; absent options are those of the report. */
export interface ReportChartSettings {
  readonly logX?: boolean;
  readonly logY?: boolean;
  readonly table?: boolean;
  /** Whether the y axis shows all values, although the report would end it before. */
  readonly whole?: boolean;
  /** By what the lines of the charts are aligned; kept for the report as a whole. */
  readonly alignment?: string;
  /** Names of the lines that are not drawn. */
  readonly hiddenLines?: readonly string[];
}

export type ChartId = Quantity | 'contour' | 'heatmap' | 'plane';

/** The weights of the moving average that are offered, in percent. */
export const smoothings = [60, 90, 99] as const;

/**
 * The state that the page stores for when it is hidden or the window reloads. It consists of integers,
 * booleans and strings only, because other values are changed by storing.
 */
export interface Remembered {
  readonly charts: Readonly<Partial<Record<ChartId, ChartSettings>>>;
  /** The visible coordinates by loss name, in slots. A coordinate keeps its slot, and so its colour. */
  readonly coordinates: Readonly<Record<string, readonly (number | null)[]>>;
  /**
   * The display options by the titles of the report and the chart, so that the options of one comparison
   * apply to the next.
   */
  readonly reportCharts: Readonly<Record<string, ReportChartSettings>>;
  /** Whether the inspector shows all quantities of a coordinate. */
  readonly inspectAll: boolean;
  /** The run or report that the page shows, read by the host when the window reloads. */
  readonly shown: string | null;
}

export const nothingRemembered: Remembered = {
  charts: {},
  coordinates: {},
  reportCharts: {},
  inspectAll: false,
  shown: null,
};

/** Reads what `setState` stored; a value of another shape is ignored. */
export function readRemembered(stored: unknown): Remembered {
  if (!isRecord(stored)) return nothingRemembered;
  const coordinates: Record<string, (number | null)[]> = {};
  for (const [loss, slots] of entriesOf(stored.coordinates)) {
    if (Array.isArray(slots)) {
      coordinates[loss] = slots.map((slot: unknown) => (Number.isInteger(slot) ? (slot as number) : null));
    }
  }
  return {
    charts: recordsOf(stored.charts, (settings): ChartSettings => {
      const flags = booleansOf(settings, ['log', 'hidden', 'table', 'uncorrected']);
      const { smooth } = settings;
      return smoothings.some((weight) => weight === smooth) ? { ...flags, smooth: smooth as number } : flags;
    }),
    coordinates,
    reportCharts: recordsOf(stored.reportCharts, (settings): ReportChartSettings => {
      const flags = booleansOf(settings, ['logX', 'logY', 'table', 'whole']);
      const { hiddenLines, alignment } = settings;
      return {
        ...flags,
        ...(typeof alignment === 'string' && { alignment }),
        ...(Array.isArray(hiddenLines) && {
          hiddenLines: hiddenLines.filter((name) => typeof name === 'string'),
        }),
      };
    }),
    inspectAll: stored.inspectAll === true,
    shown: typeof stored.shown === 'string' ? stored.shown : null,
  };
}

function recordsOf<T>(
  stored: unknown,
  read: (settings: Readonly<Record<string, unknown>>) => T,
): Record<string, T> {
  const kept: Record<string, T> = {};
  for (const [id, settings] of entriesOf(stored)) if (isRecord(settings)) kept[id] = read(settings);
  return kept;
}

function booleansOf<K extends string>(
  settings: Readonly<Record<string, unknown>>,
  keys: readonly K[],
): { [P in K]?: boolean } {
  const kept: { [P in K]?: boolean } = {};
  for (const key of keys) {
    const value = settings[key];
    if (typeof value === 'boolean') kept[key] = value;
  }
  return kept;
}

function entriesOf(stored: unknown): [string, unknown][] {
  return isRecord(stored) ? Object.entries(stored) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
