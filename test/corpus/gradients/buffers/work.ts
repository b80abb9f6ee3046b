// Work arrays of the module, which every call overwrites.
const scratch = new Float64Array(16);
const narrow = new Float32Array(4);

/** Diffusion on a ring, in a buffer that is created once. */
export function diffusionLoss(u: Float64Array): number {
  const n = u.length;
  scratch.fill(0);
  scratch.set(u);
  const next = scratch.subarray(8, 8 + n);
  for (let step = 0; step < 3; step++) {
    for (let i = 0; i < n; i++) next[i] = scratch[i] + 0.25 * (scratch[(i + 1) % n] - 2 * scratch[i] + scratch[(i + n - 1) % n]);
    scratch.set(next, 0);
  }
  let s = 0;
  for (let i = 0; i < n; i++) s += scratch[i] * scratch[i];
  return s;
}

/** A histogram: integer indices, and weights that are parameters. */
export function histogramCost(w: number[]): number {
  const bin = Int32Array.from([2, 0, 1, 2, 2, 1]);
  const counts = new Float64Array(3);
  for (let i = 0; i < bin.length; i++) counts[bin[i]] += w[i];
  counts[0]++;
  return counts[0] ** 2 + 2 * counts[1] ** 2 + 3 * counts[2] ** 2;
}

/** Stored in single precision: the value is rounded, and the derivative is 1. */
export function narrowLoss([x, y]: number[]): number {
  narrow[0] = x;
  narrow[1] = narrow[0] * y;
  return narrow[1] + Math.fround(x) * 2;
}

/** Stored as integers: the derivative ends there. */
export function wholeLoss([x, y]: number[]): number {
  const whole = new Int32Array(2);
  whole[0] = x * 10;
  const bytes = Uint8Array.of(3, 4);
  bytes[0] += y;
  return whole[0] * y + bytes[0] * x;
}

/** Different ways of filling a typed array. */
export function filledLoss(p: number[]): number {
  const a = new Float64Array(p);
  const b = Float64Array.of(p[0], p[1] * 2);
  const c = Float64Array.from(p, (v) => v * v);
  const d = new Float64Array(2).fill(p[1]);
  const e = a.map((v, i) => v * i).filter((v) => v !== 0);
  const f = a.slice().reverse();
  const [first, ...rest] = c;
  const dot = (u: Float64Array, v: Float64Array) => u.reduce((s, x, i) => s + x * v[i], 0);
  return dot(a, c) + dot(b, d) + e.at(-1)! * first + f[0] + rest[0] + Math.max(...a) + a.indexOf(p[1]);
}

/** Two views of one buffer: changes in one are visible in the other. */
export function viewsLoss([x, y]: number[]): number {
  const buffer = new ArrayBuffer(32);
  const all = new Float64Array(buffer);
  const half = new Float64Array(buffer, 16, 2);
  all[2] = x * y;
  half[1] = half[0] + x;
  return all[3] * all[2] + all.byteLength + half.length;
}
