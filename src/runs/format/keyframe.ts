import type { Keyframe } from '../../core/keyframe';

/*
 * The binary values of the column `keyframe`: the float64 numbers of a keyframe in little-endian order. That of step 0 contains the
 * start: the number 0, then theta_0, shape [dim].
 */

export function encodeStart(params: ArrayLike<number>): Uint8Array {
  const values = new Float64Array(1 + params.length);
  values.set(params, 1);
  return bytesOf({ t: 0, values });
}

export function bytesOf({ values }: Keyframe): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** @returns null if the bytes are not a keyframe */
export function keyframeOf(bytes: Uint8Array): Keyframe | null {
  if (bytes.length % 8 !== 0 || bytes.length === 0) return null;
  const values = new Float64Array(new Uint8Array(bytes).buffer);
  const t = values[0]!;
  return Number.isInteger(t) && t >= 0 ? { t, values } : null;
}
