import { type PathPlane, planeThrough, principalPlane, projected } from '../../core/trace/pathPlane';
import type { Trace } from '../../core/trace/trace';
import type { JobLimits } from '../../protocol/jobProcess';
import type { Grid, PlaneView } from '../../protocol/panel';
import { evaluate } from '../../runner/evaluate';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { Run } from '../../runs/run';
import { lossesAt } from './frame';

/** Fewer than for two coordinates: a loss of many costs more. */
const pointsPerSide = 40;
const pathPoints = 1000;
/** The products of the points of a path cost points² · dim. */
const mostProducts = 1e8;

/** The plane that shows the path of a run with more than two coordinates, and the path in it; null if there is none. */
export interface ShownPlane {
  readonly plane: PathPlane;
  readonly view: PlaneView;
}

/** The plane of the principal directions if all coordinates are recorded, else, at the end, that through start, end and best. */
export function planeOf(run: Run): ShownPlane | null {
  const { trace, dim, record } = run;
  // The start of a recorded training is not known.
  if (!trace || record.recording || dim < 3 || trace.rows < 2) return null;
  return trace.layout.coordinates.length === dim ? ofRecordedPath(trace, dim) : ofThreePoints(run);
}

function ofRecordedPath(trace: Trace, dim: number): ShownPlane | null {
  const place = trace.placeOf('params', 0);
  const pointAt = (row: number) =>
    row < 0
      ? Float64Array.from(trace.start)
      : Float64Array.from({ length: dim }, (_, k) => trace.at(row, place + k));
  const isNear = (point: Float64Array) => point.every((value) => Math.abs(value) < 1e100);
  const used = evenRows(trace, Math.max(3, Math.min(200, Math.floor(Math.sqrt(mostProducts / dim)))));
  const plane = principalPlane(used.map(pointAt).filter(isNear));
  if (!plane) return null;
  const rows = evenRows(trace, Math.max(3, Math.min(pathPoints, Math.floor(mostProducts / dim))));
  const steps = rows.map((row) => (row < 0 ? 0 : trace.stepOf(row)));
  const path = Float64Array.from(rows.flatMap((row) => projected(plane, pointAt(row))));
  return shown(plane, path, steps, lossesAt(trace, steps));
}

function ofThreePoints({ record, trace }: Run): ShownPlane | null {
  const { start, outcome } = record;
  if (!start || !outcome) return null;
  const { final, best, steps } = outcome;
  const plane = planeThrough(Float64Array.from(start), final.params, best.params);
  if (!plane) return null;
  const points = [Float64Array.from(start), best.params, final.params];
  const path = Float64Array.from(points.flatMap((point) => projected(plane, point)));
  const losses = Float64Array.of(lossesAt(trace!, [0])[0]!, best.loss, final.loss);
  return shown(plane, path, [0, best.t, steps], losses);
}

function shown(
  plane: PathPlane,
  path: Float64Array,
  steps: readonly number[],
  pathLosses: Float64Array,
): ShownPlane {
  const { kind, share } = plane;
  return {
    plane,
    view: { kind, share: Float64Array.of(share), path, pathSteps: Float64Array.from(steps), pathLosses },
  };
}

/** Rows of a trace, evenly spaced, with the start (−1) and the last one. */
function evenRows({ rows }: Trace, count: number): number[] {
  const every = Math.max(1, Math.ceil(rows / Math.max(1, count - 2)));
  const even = Array.from({ length: Math.ceil(rows / every) }, (_, i) => i * every);
  if (even.at(-1) !== rows - 1) even.push(rows - 1);
  return [-1, ...even];
}

/** Evaluates the loss of a run on a grid of a plane, in a separate process. */
export async function planeGridOf(
  run: Run,
  { origin, across, up }: PathPlane,
  jobs: JobLauncher,
  limits: JobLimits,
  [x, y]: readonly [readonly [number, number], readonly [number, number]],
  signal: AbortSignal,
): Promise<Grid> {
  const { source, config } = run.record;
  const size = { columns: pointsPerSide, rows: pointsPerSide };
  const { values } = await evaluate(
    jobs,
    { source, limits, job: { kind: 'grid', config, x, y, ...size, plane: { origin, across, up } } },
    signal,
  );
  return { x, y, ...size, values };
}
