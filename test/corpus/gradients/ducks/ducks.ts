// Code that tests the type of a value before using it: numbers must look like numbers, and buffers like buffers.

type Wrapped = number | { value: number; id?: string };

/** A number or an object that holds one. */
export function wrappedLoss([x, y]: number[]): number {
  const get = (o: any): number => (o.value !== undefined ? o.value : o);
  const unwrap = (o: Wrapped): number => (typeof o === 'object' ? o.value : o);
  const valueOr = (o: any) => o?.value ?? o;
  return get(x) * get({ value: y }) + unwrap(x) ** 2 + valueOr(y) + unwrap({ value: x }) * 3;
}

const tagOf = (v: unknown): string => Object.prototype.toString.call(v).slice(8, -1);

/** Tests by the tag, as older libraries do. */
export const taggedLoss = ([x, y]: number[]): number => (tagOf(x) === 'Number' ? x * y : 1e6);

/** Tests by the constructor. */
export const constructorLoss = ([x, y]: number[]): number => ((x as any).constructor === Number ? x * y : 1e6);

/** Tests whether it is an object, or a wrapper object. */
export const objectLoss = ([x, y]: number[]): number =>
  (Object(x) === x ? 1e6 : x * y) + (Object.keys(x as any).length ? 1e6 : 0);

export const instanceLoss = ([x, y]: number[]): number => ((x as any) instanceof Object ? 1e6 : x * y);

/** Tests whether the parameters and buffers have the declared types. */
export function buffersLoss(p: Float64Array): number {
  const work = new Float64Array(2);
  const isList = (v: unknown) => Array.isArray(v) || ArrayBuffer.isView(v);
  if (!isList(p) || !isList(work) || Array.isArray(p) || Array.isArray(work)) return 1e6;
  if (!(work instanceof Float64Array) || work.constructor !== Float64Array) return 1e7;
  if (Object.prototype.toString.call(work) !== '[object Float64Array]') return 1e8;
  work[0] = p[0] * p[1];
  work[5] = p[0];
  return work[0] + work.length + (work[5] ?? 0);
}

/** Flattens nested objects down to numbers. */
export function flattenLoss([x, y, z]: number[]): number {
  const flatten = (v: any): number[] => (Array.isArray(v) ? v.flatMap(flatten) : v && typeof v === 'object' ? Object.values(v).flatMap(flatten) : [v]);
  return flatten([x, { a: y, b: [z, { c: x }] }, 0]).reduce((s, v, i) => s + v * (i + 1), 0);
}

/** A deep copy by recursion. */
export function copiedLoss([x, y]: number[]): number {
  const copy = (v: any): any => {
    if (v === null || typeof v !== 'object') return v;
    if (Array.isArray(v)) return v.map(copy);
    const made: any = Object.create(Object.getPrototypeOf(v));
    for (const key of Reflect.ownKeys(v)) made[key] = copy(v[key]);
    return made;
  };
  const state = { at: [x, y], inner: { k: x } };
  const other = copy(state);
  other.at[0] *= 2;
  other.inner.k += 1;
  return other.at[0] * other.at[1] + other.inner.k + state.at[0] * 10;
}

/** A list with methods of its own. */
class Vec extends Array<number> {
  dot(o: readonly number[]): number {
    return this.reduce((s, v, i) => s + v * o[i], 0);
  }
  static of2(a: number, b: number): Vec {
    const v = new Vec();
    v.push(a, b);
    return v;
  }
}
export function vecLoss([x, y]: number[]): number {
  const v = Vec.of2(x, y);
  const doubled = v.map((q) => q * 2) as Vec;
  return doubled.dot(v) + (doubled instanceof Vec ? 1 : 0) + Vec.from([x, y]).length + (Vec.from([x, y]) as Vec).dot([1, 3]);
}

/** Values that are thrown and caught. */
export function thrownLoss([x, y]: number[]): number {
  const leave = (v: number): never => {
    throw v;
  };
  try {
    leave(x * y);
  } catch (v) {
    return typeof v === 'number' ? v * 2 : 1e6;
  }
  return 1e7;
}

/** Math under other names. */
export function aliasLoss([x, y]: number[]): number {
  const M = Math;
  const g = globalThis as any;
  const { Math: Again } = globalThis;
  const f: 'exp' | 'sin' = 'exp';
  return M.exp(x) + g.Math.sin(y) + Again.cos(x) + g['Math'][f](y) + Reflect.get(Math, 'tanh')(x) + (0, Math.sqrt)(y);
}

/** The sort method of a buffer compares numbers by default. */
export function sortedBufferLoss(p: number[]): number {
  const b = Float64Array.from(p).sort();
  const c = new Float64Array(p).toSorted((u, v) => v - u);
  return b[0] * 100 + b[1] * 10 + c[0] + Array.from(b).length;
}

/** Membership in a Set and a Map. */
export function memberLoss([x, y]: number[]): number {
  const set = new Set([x, 1, 2]);
  const map = new Map<unknown, number>([[2, y]]);
  return (set.has(x) ? x : 1e6) + (set.has(2) ? y : 1e6) + (map.get(2) ?? 1e6) + (map.has(x) ? 1e6 : 0);
}
