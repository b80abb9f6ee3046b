import type { Quantity } from '../../src/protocol/panel';

/** How a chart is shown; what is absent is the default. */
export interface ChartSettings {
  readonly log?: boolean;
  readonly hidden?: boolean;
  readonly table?: boolean;
}

export type ChartId = Quantity | 'contour';

/** What the page remembers when it is hidden or the window reloads. Whole numbers, booleans and names only: others do not survive. */
export interface Remembered {
  readonly charts: Readonly<Partial<Record<ChartId, ChartSettings>>>;
  /** Shown coordinates by loss name, in slots: a coordinate keeps its slot, and so its colour. */
  readonly coordinates: Readonly<Record<string, readonly (number | null)[]>>;
}

export const nothingRemembered: Remembered = { charts: {}, coordinates: {} };

/** Reads what `setState` stored; anything of another shape counts as nothing. */
export function readRemembered(stored: unknown): Remembered {
  if (!isRecord(stored)) return nothingRemembered;
  const charts: Record<string, ChartSettings> = {};
  for (const [id, settings] of Object.entries(isRecord(stored.charts) ? stored.charts : {})) {
    if (!isRecord(settings)) continue;
    const kept: { -readonly [K in keyof ChartSettings]: ChartSettings[K] } = {};
    for (const key of ['log', 'hidden', 'table'] as const) {
      const value = settings[key];
      if (typeof value === 'boolean') kept[key] = value;
    }
    charts[id] = kept;
  }
  const coordinates: Record<string, (number | null)[]> = {};
  for (const [loss, slots] of Object.entries(isRecord(stored.coordinates) ? stored.coordinates : {})) {
    if (Array.isArray(slots)) {
      coordinates[loss] = slots.map((slot: unknown) => (Number.isInteger(slot) ? (slot as number) : null));
    }
  }
  return { charts, coordinates };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
