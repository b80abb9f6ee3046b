/**
 * The state of the optimizer after a step, as float64 numbers in little-endian order:
 *
 *   step | params, shape [dim] | each state array, shape [dim], in the order of the layout's stateNames
 *
 * The keyframe of step 0 contains the start, and no state.
 */
export interface Keyframe {
  readonly step: number;
  /** shape [dim] */
  readonly params: Float64Array;
  /** Each of shape [dim]. */
  readonly state: readonly Float64Array[];
}

export function encodeKeyframe({ step, params, state }: Keyframe): Uint8Array {
  const values = new Float64Array(1 + params.length * (1 + state.length));
  values[0] = step;
  [params, ...state].forEach((vector, i) => {
    values.set(vector, 1 + i * params.length);
  });
  return new Uint8Array(values.buffer);
}

/** @returns null if the bytes are not a keyframe of a run of `dim` parameters */
export function decodeKeyframe(bytes: Uint8Array, dim: number): Keyframe | null {
  const arrays = (bytes.byteLength / 8 - 1) / dim;
  if (!Number.isInteger(arrays) || arrays < 1) return null;
  const values = new Float64Array(bytes.slice().buffer);
  const vector = (i: number) => values.subarray(1 + i * dim, 1 + (i + 1) * dim);
  return {
    step: values[0]!,
    params: vector(0),
    state: Array.from({ length: arrays - 1 }, (_, i) => vector(i + 1)),
  };
}
