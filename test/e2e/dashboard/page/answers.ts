import type { Frame, Grid, Quantity, Rows, Series, ViewRequest } from '../../../../src/protocol/panel';
import { globalQuantities } from '../../../../src/protocol/panel';
import { scalarsAt } from './scalars';
import { columnKey, type Problem, type Trace } from './simulation';

const perStep: ReadonlySet<Quantity> = new Set(globalQuantities);

/** The frame that a view asks for, of a trace that has got to `steps`. */
export function frameFor(trace: Trace, view: ViewRequest, steps: number, seq: number): Frame {
  const range: [number, number] =
    steps === 0 ? [0, 0] : [view.range?.[0] ?? 1, Math.min(view.range?.[1] ?? steps, steps)];
  const series: Series[] = [];
  for (const quantity of view.quantities) {
    const coordinates = perStep.has(quantity) ? [-1] : view.coordinates;
    for (const coordinate of coordinates) {
      const column = trace.columns.get(columnKey(quantity, coordinate));
      if (column !== undefined)
        series.push({ quantity, coordinate, envelope: envelopeOf(column, range, view.width) });
    }
  }
  const { references } = trace;
  const pairs = (pick: 'lr' | 'bound') =>
    Float64Array.from(
      bucketStarts(range, view.width).flatMap((step) =>
        references === null ? [] : [step, references(step)[pick]],
      ),
    );
  return {
    runId: view.runId,
    seq,
    range,
    scalars: scalarsAt(trace, steps),
    steps,
    series,
    references:
      references === null || !view.quantities.includes('absUpdate')
        ? []
        : (['lr', 'bound'] as const).map((name) => ({ quantity: 'absUpdate', name, points: pairs(name) })),
    path: view.path ? trace.path.slice(0, (steps + 1) * 2) : new Float64Array(),
  };
}

function bucketStarts([first, last]: readonly [number, number], width: number): number[] {
  if (first === 0) return [];
  const each = Math.max(1, Math.ceil((last - first + 1) / width));
  const starts = [];
  for (let step = first; step <= last; step += each) starts.push(step);
  return starts;
}

function envelopeOf(column: Float64Array, range: readonly [number, number], width: number): Float64Array {
  const starts = bucketStarts(range, width);
  const envelope = new Float64Array(starts.length * 4);
  starts.forEach((start, bucket) => {
    const end = Math.min(starts[bucket + 1] ?? range[1] + 1, range[1] + 1);
    let [least, largest, bad] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let step = start; step < end; step++) {
      const value = column[step - 1]!;
      if (!Number.isFinite(value)) bad++;
      else {
        least = Math.min(least, value);
        largest = Math.max(largest, value);
      }
    }
    const none = least > largest;
    envelope.set([start, none ? Number.NaN : least, none ? Number.NaN : largest, bad], bucket * 4);
  });
  return envelope;
}

export function rowsFor(
  trace: Trace,
  steps: readonly number[],
  quantities: readonly Quantity[],
  coordinates: readonly number[],
): Rows {
  const columns = quantities.flatMap((quantity) =>
    (perStep.has(quantity) ? [-1] : coordinates).map((coordinate) => ({ quantity, coordinate })),
  );
  const values = new Float64Array(steps.length * columns.length);
  steps.forEach((step, row) => {
    columns.forEach(({ quantity, coordinate }, column) => {
      values[row * columns.length + column] =
        trace.columns.get(columnKey(quantity, coordinate))?.[step - 1] ?? Number.NaN;
    });
  });
  return { columns, steps: [...steps], values, kept: steps.map(() => true) };
}

export function gridFor(problem: Problem, x: readonly [number, number], y: readonly [number, number]): Grid {
  const [columns, rows] = [72, 72];
  const values = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const point = [x[0] + ((x[1] - x[0]) * i) / (columns - 1), y[0] + ((y[1] - y[0]) * j) / (rows - 1)];
      values[j * columns + i] = problem.value(Float64Array.from(point));
    }
  }
  return { x, y, columns, rows, values };
}
