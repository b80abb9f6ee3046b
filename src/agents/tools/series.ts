import * as v from 'valibot';
import type { QuantityInfo } from '../../core/trace/describe';
import type { Quantity } from '../../core/trace/names';
import type { Trace } from '../../core/trace/trace';
import type { Run } from '../../runs/run';
import { ToolProblem } from '../toolProblem';
import { nameInput, runInput, stepInput } from './inputs';

/** The coordinates that are read if none is named. */
const coordinatesByDefault = 8;
const coordinatesAtMost = 64;

/** The input of a tool that reads one quantity of a run. */
export const seriesInput = {
  run: runInput,
  quantity: v.pipe(
    nameInput,
    v.description('for example loss, gradNorm, lr, params, effectiveLr; open_run lists them'),
  ),
  coordinates: v.exactOptional(
    v.pipe(
      v.array(nameInput),
      v.minLength(1),
      v.maxLength(coordinatesAtMost),
      v.description(
        `names of coordinates, for a quantity that each coordinate has; absent: the first ${coordinatesByDefault} that are recorded`,
      ),
    ),
  ),
  from: v.exactOptional(
    v.pipe(stepInput, v.description('the first step; absent: the first step of the run')),
  ),
  to: v.exactOptional(v.pipe(stepInput, v.description('the last step; absent: the last step of the run'))),
};

export interface SeriesRequest {
  readonly quantity: string;
  readonly coordinates?: readonly string[];
  readonly from?: number;
  readonly to?: number;
}

/** The values of one quantity at steps that are equally far apart, and at the last one. */
export interface Series {
  readonly info: QuantityInfo;
  /** The number of recorded steps from one value to the next. */
  readonly every: number;
  readonly steps: readonly number[];
  /** A list of values for each coordinate; one, without a name, for a quantity with one value per step. */
  readonly lines: readonly { readonly coordinate: string | null; readonly values: readonly number[] }[];
}

/**
 * Reads a quantity, at every k-th step and the last one if there are more values than wished.
 *
 * @param valuesAtMost  of all lines together
 * @throws ToolProblem if the run has no such quantity, coordinate or steps
 */
export function seriesOf(run: Run, reference: string, request: SeriesRequest, valuesAtMost: number): Series {
  const { trace, quantities } = run;
  if (!trace || !quantities || trace.rows === 0) throw new ToolProblem(`${reference} has no recorded steps`);
  const info = quantities.infos.find(({ quantity }) => quantity === request.quantity);
  if (!info) {
    const names = quantities.infos.map(({ quantity }) => quantity).join(', ');
    throw new ToolProblem(
      `${reference} has no quantity ${JSON.stringify(request.quantity)}; it has ${names}`,
    );
  }
  const isOfCoordinates = quantities.isOfCoordinate(info.quantity);
  if (!isOfCoordinates && request.coordinates)
    throw new ToolProblem(`${info.quantity} has one value per step: leave out the coordinates`);
  const chosen = isOfCoordinates ? chosenIn(run, trace, request.coordinates) : [null];
  const [first, end] = rowsIn(trace, reference, request);
  const rowsAtMost = Math.max(1, Math.floor(valuesAtMost / chosen.length) - 1);
  const every = Math.max(1, Math.ceil((end - first) / rowsAtMost));
  const rows = Array.from({ length: Math.ceil((end - first) / every) }, (_, i) => first + i * every);
  // The last step shows how the quantity ended.
  if (rows.at(-1) !== end - 1) rows.push(end - 1);
  return {
    info,
    every,
    steps: rows.map((row) => trace.stepOf(row)),
    lines: chosen.map((k) => ({
      coordinate: k === null ? null : run.nameOf(trace.layout.coordinates[k]!),
      values: valuesAt(trace, rows, quantities.reader(info.quantity as Quantity, k ?? 0)),
    })),
  };
}

function valuesAt(trace: Trace, rows: readonly number[], read: Parameters<Trace['read']>[1]): number[] {
  return rows.map((row) => trace.read(row, read));
}

function rowsIn(trace: Trace, reference: string, { from = 1, to }: SeriesRequest): readonly [number, number] {
  if (to !== undefined && to < from) throw new ToolProblem(`to (${to}) must not be less than from (${from})`);
  const [first, end] = trace.rowsWithin(from, Math.min(to ?? trace.steps, trace.steps), trace.rows);
  if (end > first) return [first, end];
  const last = trace.stepOf(trace.rows - 1);
  throw new ToolProblem(
    `${reference} has no recorded steps from ${from} to ${to ?? trace.steps}; it has steps ${trace.stepOf(0)} to ${last}`,
  );
}

/** The positions of the coordinates among the recorded ones. */
function chosenIn(run: Run, trace: Trace, names: readonly string[] | undefined): number[] {
  const { coordinates: recorded } = trace.layout;
  if (!names) return [...recorded.keys()].slice(0, coordinatesByDefault);
  const positions = new Map(recorded.map((coordinate, k) => [coordinate, k]));
  const chosen = names.flatMap((name) => {
    const part = run.coordinates.select(name);
    if (!part)
      throw new ToolProblem(`there is no coordinate ${JSON.stringify(name)}; ${knownNames(run, recorded)}`);
    const [from, to] = part;
    const found = recorded.filter((coordinate) => coordinate >= from && coordinate <= to);
    if (found.length === 0) throw new ToolProblem(`${name} is not recorded; ${knownNames(run, recorded)}`);
    return found.map((coordinate) => positions.get(coordinate)!);
  });
  const distinct = [...new Set(chosen)];
  if (distinct.length <= coordinatesAtMost) return distinct;
  throw new ToolProblem(
    `${names.join(', ')} are ${distinct.length} coordinates; name at most ${coordinatesAtMost}, for example ${run.nameOf(recorded[distinct[0]!]!)}`,
  );
}

function knownNames(run: Run, recorded: readonly number[]): string {
  const first = recorded.slice(0, coordinatesByDefault).map(run.nameOf).join(', ');
  return `recorded are ${recorded.length} of ${run.dim}, beginning with ${first}`;
}
