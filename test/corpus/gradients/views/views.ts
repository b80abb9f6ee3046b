// How libraries look at typed arrays from outside.
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
const bytes = new DataView(new Float32Array([1.5, 2]).buffer);

/** The exponent of a plain number, read from its bits. */
function exponentOf(x: number): number {
  bits[0] = x;
  return ((words[1] >>> 20) & 0x7ff) - 1023;
}

export const bitsLoss = ([x, y]: number[]) => x * x * exponentOf(8) + y * bytes.getFloat32(0, true) + 0 * words.length;

export const storedBitsLoss = ([x, y]: number[]) => x * y + exponentOf(x);

export function lateBitsLoss([x, y]: number[]) {
  const held = new Float64Array([x, y]);
  return held[0] * held[1] + new Uint8Array(held.buffer).length;
}

const isView = ArrayBuffer.isView;
export function isViewLoss(q: Float64Array) {
  const all = [q, new Float32Array(2), new Int8Array(1)].every(ArrayBuffer.isView);
  return all && isView(q) && !ArrayBuffer.isView([1]) && ArrayBuffer.isView(q.subarray(1)) ? q[0] * q[1] : NaN;
}

export function kindLoss([x, y]: number[]) {
  const v = new Float32Array(2);
  const native = new Float32Array(new ArrayBuffer(8));
  const same = v.constructor === Float32Array && native.constructor === Float32Array && v.constructor === native.constructor;
  const other = (v.constructor as unknown) !== Float64Array && v.constructor.name === 'Float32Array';
  return same && other ? x * y : NaN;
}

export function copyLoss([x, y]: number[]) {
  const a = Float64Array.of(x, y);
  const b = new (a.constructor as Float64ArrayConstructor)(a.length);
  for (let i = 0; i < b.length; i++) b[i] = a[i] * a[i];
  const c = new (b.constructor as any)(b).map((v: number) => v + 1);
  return c[0] * c[1] + new (Object.getPrototypeOf(b).constructor)([x])[0];
}

class Meters {
  private readonly m: number;
  constructor(m: number) { this.m = m; }
  valueOf() { return this.m * 2; }
}
export function valuesLoss([x, y]: number[]) {
  const lengths = Float64Array.from([new Meters(x), new Meters(y)] as unknown as number[], (m, i) => Number(m) + i);
  const plain = Float64Array.from([new Meters(x)] as unknown as number[]);
  const made = Float64Array.from({ length: 2 }, (_, i) => x * i);
  return lengths[0] * lengths[1] + plain[0] + made[1] + Float64Array.from(new Set([y, 1]))[0];
}

export function borrowedLoss([x, y]: number[]) {
  const a = new Float64Array([x, y, 1]);
  const part = Float64Array.prototype.slice.call(a, 1);
  const list = Array.prototype.slice.call(a, 0, 2);
  list.push(3);
  const whole = Float64Array.prototype.subarray.call(new Float64Array(new ArrayBuffer(16)), 1);
  const squares = Array.prototype.map.call(a, (v: any) => v * v) as number[];
  squares.unshift(0);
  return part[0] * list[0] + list[2] + whole.length + squares[1] + (Array.isArray(list) ? 0 : NaN);
}

export function listsLoss([x, y]: number[]) {
  const a = new Float64Array([x, y]);
  const list = Array.from(a);
  list.push(2);
  const kinds = (a as unknown) instanceof Array || Array.isArray(a) || !(a instanceof Float64Array) || !(list instanceof Array);
  return kinds ? NaN : list[0] * list[2] + [...a, ...list].reduce((s, v) => s + v, 0) + Array.from(a, (v) => v * y)[0];
}

/** Plain copies are clones. */
const table = structuredClone({ weights: new Float64Array([2, 3]), names: ['a'] });
export function clonedLoss([x, y]: number[]) {
  const w = table.weights;
  const own = w.slice().fill(y);
  return w[0] * x + w.subarray(1)[0] * own[0] + (w.constructor === Float64Array && w instanceof Float64Array ? 0 : NaN);
}

/** Two views of bytes whose array was made by the program. */
export function sharedLoss([x, y]: number[]) {
  const lanes = new Float32Array(4);
  const half = new Float32Array(lanes.buffer, 8, 2);
  half[0] = 1.5;
  lanes[3] = 0.5;
  lanes.set([4], 0);
  return x * lanes[2] + y * half[1] + new Float32Array(lanes.buffer)[0] + lanes.byteLength;
}
