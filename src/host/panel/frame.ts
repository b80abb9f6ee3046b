import { bandLevels } from '../../core/trace/bandNames';
import { bandOffset, recordPlaces } from '../../core/trace/layout';
import { smoothedSeries } from '../../core/trace/smoothed';
import type { Trace } from '../../core/trace/trace';
import {
  type Band,
  type Frame,
  globalQuantities,
  type Quantity,
  type ReferenceLine,
  type Rows,
  type Series,
  type ViewRequest,
} from '../../protocol/panel';
import type { PickedHistory } from '../../runs/pickedHistory';
import type { Run } from '../../runs/run';
import { matteringOf } from './ranking';
import { scalarsOf } from './runView';

const pathPoints = 2000;

/**
 * The data that the panel draws: the envelopes of the requested series over the requested steps.
 *
 * @returns also whether the frame is complete: the first frame of a long run may show its first part only
 */
export function frameOf(run: Run, view: ViewRequest, seq: number): { frame: Frame; isWhole: boolean } {
  const { trace, quantities } = run;
  const steps = trace?.steps ?? 0;
  const head = { runId: view.runId, seq, steps, scalars: scalarsOf(run) };
  if (!trace || !quantities || steps === 0) {
    const nothing = {
      range: [0, 0] as const,
      series: [],
      references: [],
      bands: [],
      mattering: [],
      ...noPath,
    };
    return { frame: { ...head, ...nothing }, isWhole: true };
  }
  const [from, to] = view.range ?? [1, steps];
  let isWhole = true;
  const series: Series[] = [];
  for (const { quantity, coordinate, k, of } of seriesWanted(run, view.quantities, view.coordinates)) {
    const key = `${quantity} ${k}`;
    const value = of.quantities.reader(quantity, k);
    const envelope = of.trace.envelope(key, value, from, to, view.width);
    const weight = view.smoothing.find(([smoothed]) => smoothed === quantity)?.[1] ?? 0;
    if (weight > 0) {
      const average = smoothedSeries(of.trace, key, value, weight / 100);
      series.push({ quantity, coordinate, envelope, smoothed: average.envelope(from, to, view.width) });
      isWhole &&= !average.isBehind;
    } else series.push({ quantity, coordinate, envelope });
    isWhole &&= !of.trace.isBehind(key, value);
  }
  const frame = {
    ...head,
    range: [from, to] as const,
    series,
    references: view.quantities.includes('absUpdate') ? updateReferences(run, from, to, view.width) : [],
    bands: bandsOf(run, view.quantities, from, to),
    mattering: matteringOf(run),
    ...(view.path && trace.layout.dim === 2 ? pathOf(run, from, to) : noPath),
  };
  return { frame, isWhole };
}

/** The exact values of some steps; in a recording, of the recorded steps that are nearest to them, each once. */
export function rowsOf(
  run: Run,
  wantedSteps: readonly number[],
  wantedQuantities: readonly Quantity[],
  coordinates: readonly number[],
): Rows {
  const { trace, quantities } = run;
  const steps =
    run.record.recording && trace
      ? [...new Set(wantedSteps.map((step) => nearestKept(trace, step)))]
      : wantedSteps;
  const wanted = trace && quantities ? seriesWanted(run, wantedQuantities, coordinates) : [];
  const readers = wanted.map(({ quantity, k, of }) => of.quantities.reader(quantity, k));
  const values = new Float64Array(steps.length * wanted.length).fill(Number.NaN);
  const kept = steps.map((step, row) => {
    if ((trace?.rowOf(step) ?? -1) < 0) return false;
    readers.forEach((read, column) => {
      const own = wanted[column]!.of.trace;
      const ownRow = own.rowOf(step);
      if (ownRow >= 0) values[row * wanted.length + column] = own.read(ownRow, read);
    });
    return true;
  });
  return {
    columns: wanted.map(({ quantity, coordinate }) => ({ quantity, coordinate })),
    steps,
    values,
    kept,
  };
}

function nearestKept(trace: Trace, step: number): number {
  const row = trace.rowNear(step);
  return row < 0 ? step : trace.stepOf(row);
}

interface SeriesSource {
  readonly quantity: Quantity;
  /** −1 for a global quantity. */
  readonly coordinate: number;
  /** Its index among the coordinates of `of`. */
  readonly k: number;
  readonly of: PickedHistory;
}

/** Where the requested series are read from. Series that the run does not have are omitted. */
function seriesWanted(run: Run, wanted: readonly Quantity[], coordinates: readonly number[]): SeriesSource[] {
  const globals: readonly Quantity[] = globalQuantities;
  const own = { trace: run.trace!, quantities: run.quantities! };
  const recorded = own.trace.layout.coordinates;
  const sources = coordinates.flatMap((coordinate) => {
    const k = recorded.indexOf(coordinate);
    if (k >= 0) return [{ coordinate, k, of: own }];
    const of = run.picked.get(coordinate);
    return of ? [{ coordinate, k: 0, of }] : [];
  });
  return wanted
    .filter((quantity) => own.quantities.has(quantity))
    .flatMap((quantity): SeriesSource[] =>
      globals.includes(quantity)
        ? [{ quantity, coordinate: -1, k: -1, of: own }]
        : sources.map((source) => ({ quantity, ...source })),
    );
}

/** The bands of the requested quantities, at the samples from the last one before `from` to the first one after `to`. */
function bandsOf(run: Run, wanted: readonly Quantity[], from: number, to: number): Band[] {
  const trace = run.trace!;
  const { bands = [] } = trace.layout;
  const rows = trace.bandRows;
  const after = rows.findIndex((row) => trace.stepOf(row) > to);
  const before = rows.findLastIndex((row) => trace.stepOf(row) < from);
  const visible = rows.slice(Math.max(0, before), after < 0 ? rows.length : after + 1);
  return bands.flatMap((quantity, b) => {
    if (!wanted.includes(quantity) || visible.length === 0) return [];
    const place = bandOffset(trace.layout) + b * bandLevels.length;
    const points = new Float64Array(visible.length * (1 + bandLevels.length));
    visible.forEach((row, i) => {
      const at = i * (1 + bandLevels.length);
      points[at] = trace.stepOf(row);
      bandLevels.forEach((_, k) => {
        points[at + 1 + k] = trace.at(row, place + k);
      });
    });
    return [{ quantity, points }];
  });
}

/** lr, and lr·B(t) if the optimizer has a bound. */
function updateReferences(run: Run, from: number, to: number, width: number): ReferenceLine[] {
  const trace = run.trace!;
  const quantities = run.quantities!;
  const rows = evenRows(run, from, to, width);
  const line = (name: ReferenceLine['name'], valueAt: (row: number) => number): ReferenceLine => ({
    quantity: 'absUpdate',
    name,
    points: Float64Array.from(rows.flatMap((row) => [trace.stepOf(row), valueAt(row)])),
  });
  const lines = [line('lr', (row) => trace.at(row, recordPlaces.lr))];
  // With parameter groups, lr and bound differ by coordinate.
  if (run.record.config.groups) return [];
  if (quantities.has('updateOverBound'))
    lines.push(line('bound', (row) => trace.read(row, quantities.bound)));
  return lines;
}

type Path = Pick<Frame, 'path' | 'pathSteps' | 'pathLosses'>;

const noPath: Path = {
  path: new Float64Array(0),
  pathSteps: new Float64Array(0),
  pathLosses: new Float64Array(0),
};

function pathOf(run: Run, from: number, to: number): Path {
  const trace = run.trace!;
  const x = trace.placeOf('params', 0);
  const y = trace.placeOf('params', 1);
  const rows = evenRows(run, from, to, pathPoints);
  const points = rows.flatMap((row) => [trace.at(row, x), trace.at(row, y)]);
  const steps = rows.map((row) => trace.stepOf(row));
  if (from === 1) {
    points.unshift(trace.start[0]!, trace.start[1]!);
    steps.unshift(0);
  }
  if (to >= trace.steps) {
    points.push(trace.lastAt(x), trace.lastAt(y));
    steps.push(trace.steps);
  }
  return {
    path: Float64Array.from(points),
    pathSteps: Float64Array.from(steps),
    pathLosses: lossesAt(trace, steps),
  };
}

/** The loss at theta of each step: that of the record of the next step, if it is kept, else of the nearest kept one. */
export function lossesAt(trace: Trace, steps: readonly number[]): Float64Array {
  return Float64Array.from(steps, (step) => {
    const row = trace.rowFrom(step + 1);
    return row < trace.rows ? trace.at(row, recordPlaces.loss) : Number.NaN;
  });
}

/** At most `count` rows of the steps [from, to], evenly spaced, including the last one. */
function evenRows(run: Run, from: number, to: number, count: number): number[] {
  const trace = run.trace!;
  const [first, end] = trace.rowsWithin(from, to, trace.rows);
  const last = end - 1;
  if (last < first) return [];
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  const rows: number[] = [];
  for (let row = first; row < last; row += every) rows.push(row);
  rows.push(last);
  return rows;
}
