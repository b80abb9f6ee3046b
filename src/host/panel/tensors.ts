import type { TensorMap, TensorsAtStep, TensorView } from '../../protocol/panel';
import { sizeOf } from '../../recordings/recording';
import { type TensorColumn, tensorColumns, tensorValue } from '../../recordings/tensorHistory';
import type { Run } from '../../runs/run';

/** The largest number of steps of a map. */
const mostSteps = 200;

/** The parameter tensors of a recorded training. */
export function tensorsOf({ record: { recording } }: Run): TensorView[] {
  if (!recording) return [];
  return recording.tensors.map(({ name, shape, dtype, group, sampled, first }) => ({
    name,
    shape,
    dtype,
    group,
    sampled,
    coordinates: recording.coordinates.filter((c) => c >= first && c < first + sizeOf(shape)),
  }));
}

/** The recorded step that is `by` recorded steps after another step; negative: before. Without a recorded step, the step itself. */
export function recordedStepOf({ trace }: Run, step: number, by: number): number {
  if (!trace || trace.rows === 0) return step;
  const row = by > 0 ? trace.rowFrom(step + 1) + by - 1 : trace.rowFrom(step) + by;
  return trace.stepOf(Math.max(0, Math.min(trace.rows - 1, row)));
}

/** What is recorded of them at the step nearest to another one; null before the first recorded step. */
export function tensorsAt({ tensors }: Run, step: number): TensorsAtStep | null {
  const row = tensors?.nearest(step);
  return row ? { step: row.t, columns: tensorColumns, values: Float64Array.from(row.values) } : null;
}

/** A statistic over the recorded steps; null before the first one. */
export function tensorMapOf({ tensors }: Run, column: TensorColumn): TensorMap | null {
  if (!tensors || tensors.rows.length === 0) return null;
  const { rows } = tensors;
  const count = Math.min(mostSteps, rows.length);
  const chosen = Array.from(
    { length: count },
    (_, i) => rows[count === 1 ? 0 : Math.round((i * (rows.length - 1)) / (count - 1))]!,
  );
  const values = new Float64Array(tensors.tensors * count);
  for (let i = 0; i < tensors.tensors; i++)
    chosen.forEach((row, k) => {
      values[i * count + k] = tensorValue(row, i, column);
    });
  return { steps: Float64Array.from(chosen, ({ t }) => t), values };
}
