import type { RecordedState } from '../core/optimizers/optimizer';
import type { TrainingState } from '../core/replay/trainingState';
import type { Recording } from './recording';

const headBytes = 16;

/**
 * A keyframe of a recording: t and the age, float64; then the numbers of all tensors, and each state of all tensors, float32 or, as the
 * length says, float64. All little-endian.
 *
 * @returns null if its length is that of no keyframe of this recording
 */
export function decodeKeyframe(bytes: Uint8Array, { dim, states }: Recording): TrainingState | null {
  const numbers = dim * (1 + states.length);
  const width = (bytes.length - headBytes) / numbers;
  if (width !== 4 && width !== 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = (i: number) =>
    width === 4 ? view.getFloat32(headBytes + 4 * i, true) : view.getFloat64(headBytes + 8 * i, true);
  const vector = (k: number) => Float64Array.from({ length: dim }, (_, i) => read(k * dim + i));
  return {
    t: view.getFloat64(0, true),
    age: view.getFloat64(8, true),
    params: vector(0),
    states: states.map((name, k) => [name as RecordedState, vector(k + 1)] as const),
  };
}

/** The step after which a keyframe was made. */
export function stepOfKeyframe(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}
