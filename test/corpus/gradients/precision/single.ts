const buffer = new Float32Array(3);
const weights = Float32Array.of(0.1, -0.7, 1.3);
const matrix = new Float32Array([2, 0.1, 0.1, 3]);

export function storedSquares([x, y, z]: number[]): number {
  buffer[0] = x; buffer[1] = y; buffer[2] = z;
  let s = 0;
  for (let i = 0; i < buffer.length; i++) s += buffer[i] ** 2;
  return s;
}

export const product = ([x, y]: number[]) => Math.fround(x * y);

export const square = ([x]: number[]) => Math.fround(Math.fround(x) * Math.fround(x));

export const wave = ([x]: number[]) => Math.fround(Math.sin(Math.fround(x)));

function dot(a: Float32Array, b: Float32Array) { return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!; }
function scale(out: Float32Array, a: Float32Array, by: number) {
  out[0] = a[0]! * by; out[1] = a[1]! * by; out[2] = a[2]! * by;
  return out;
}
/** In the style of packages for graphics: results go to an argument. */
export function scaledDot([x, y, k]: number[]): number {
  const v = new Float32Array(3);
  v[0] = x!; v[1] = y!; v[2] = 0.5;
  return dot(scale(new Float32Array(3), v, k!), weights);
}

export function quadratic([x, y]: number[]): number {
  const v = new Float32Array(2);
  v[0] = x!; v[1] = y!;
  const w = new Float32Array(2);
  w[0] = matrix[0]! * v[0]! + matrix[2]! * v[1]!;
  w[1] = matrix[1]! * v[0]! + matrix[3]! * v[1]!;
  return v[0]! * w[0]! + v[1]! * w[1]!;
}

export function length([x, y]: number[]): number {
  const v = new Float32Array([x!, y!]);
  return Math.hypot(v[0]!, v[1]!);
}

export function mapped([x, y]: number[]): number {
  return new Float32Array([x!, y!]).map((each) => each * each).reduce((s, each) => s + each, 0);
}

export function filled([x]: number[]): number {
  return new Float32Array(3).fill(x!).reduce((s, each) => s + each, 0);
}

export function copied([x, y]: number[]): number {
  const v = new Float32Array(4);
  v.set([x!, y!], 1);
  return v[0]! + 2 * v[1]! + 3 * v[2]! + v[3]!;
}

/** Each sum is rounded. */
export function accumulated(p: number[]): number {
  const sum = new Float32Array(1);
  for (const each of p) sum[0] += each;
  return sum[0]!;
}

/** The rounding error itself: its derivative is 1 − 1. */
export const residual = ([x]: number[]) => x! - Math.fround(x!);

export const weighted = (p: number[]) => p.reduce((s, each, i) => s + weights[i]! * each, 0);
