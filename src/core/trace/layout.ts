import type { StateName } from '../optimizers/optimizer';
import type { StepView } from '../run';

/** Places of the numbers that every record begins with. */
export const recordPlaces = { t: 0, loss: 1, gradNorm: 2, clipFactor: 3, lr: 4 } as const;
const globals = Object.keys(recordPlaces).length;

/** What is recorded of each coordinate, in this order; the state after it. */
export type RecordedName = 'params' | 'grad' | 'update' | StateName;

/**
 * One step as a flat row of numbers:
 *
 *   t  loss  gradNorm  clipFactor  lr | params of c0, c1, … | grad of … | update of … | each state array of …
 *
 * where c0, c1, … are the recorded coordinates. The worker writes such rows, the trace keeps them.
 */
export interface StepLayout {
  readonly dim: number;
  /** Recorded coordinates, ascending. */
  readonly coordinates: readonly number[];
  readonly stateNames: readonly StateName[];
}

/** Numbers of a record. */
export function recordLength(layout: StepLayout): number {
  return globals + layout.coordinates.length * (3 + layout.stateNames.length);
}

/**
 * Where the values of a name begin in a record: the k-th recorded coordinate stands k places on. −1 if not recorded.
 */
export function recordOffset(layout: StepLayout, name: RecordedName): number {
  const names: readonly RecordedName[] = ['params', 'grad', 'update', ...layout.stateNames];
  const place = names.indexOf(name);
  return place < 0 ? -1 : globals + place * layout.coordinates.length;
}

/** Writes one step into `target` at `offset`. */
export function writeRecord(layout: StepLayout, step: StepView, target: Float64Array, offset: number): void {
  const { coordinates } = layout;
  const count = coordinates.length;
  target[offset + recordPlaces.t] = step.t;
  target[offset + recordPlaces.loss] = step.loss;
  target[offset + recordPlaces.gradNorm] = step.gradNorm;
  target[offset + recordPlaces.clipFactor] = step.clipFactor;
  target[offset + recordPlaces.lr] = step.lr;
  let at = offset + globals;
  for (let k = 0; k < count; k++) {
    const c = coordinates[k]!;
    target[at + k] = step.params[c]!;
    target[at + count + k] = step.grad[c]!;
    target[at + 2 * count + k] = step.params[c]! - step.before[c]!;
  }
  at += 3 * count;
  for (const values of step.state) {
    for (let k = 0; k < count; k++) target[at + k] = values[coordinates[k]!]!;
    at += count;
  }
}

/**
 * The coordinates to record: all of them, or as many as fit `budget` bytes over the planned steps (but 16 at least),
 * spread evenly, the first and the last among them.
 */
export function recordedCoordinates(dim: number, states: number, steps: number, budget: number): number[] {
  const affordable = Math.floor(budget / (8 * (3 + states) * steps));
  const count = Math.min(dim, Math.max(16, affordable));
  if (count === dim) return Array.from({ length: dim }, (_, i) => i);
  return Array.from({ length: count }, (_, k) => Math.round((k * (dim - 1)) / (count - 1)));
}
