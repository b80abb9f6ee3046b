import type { StateName } from '../optimizers/optimizer';

/** Names under which people keep a state array, in lower case and without underscores and `#`. */
const names: { readonly [S in StateName]: readonly string[] } = {
  m: ['m', 'ms', 'mt', 'expavg', 'firstmoment', 'moment1', 'm1', 'mean', 'firstmoments'],
  v: [
    'v',
    'vs',
    'vt',
    'expavgsq',
    'secondmoment',
    'secondmoments',
    'moment2',
    'm2',
    'variance',
    'squareavg',
    'cache',
    's',
  ],
  vMax: ['vmax', 'maxv', 'maxexpavgsq', 'vhatmax', 'maxvhat', 'vhat', 'top'],
  u: ['u', 'expinf', 'infnorm', 'v'],
  momentum: ['momentum', 'momentumbuffer', 'buf', 'buffer', 'b', 'velocity', 'vel', 'v'],
  gAvg: ['gavg', 'gradavg', 'mg', 'meangrad'],
  sum: ['sum', 'sums', 'g2', 'cache', 'acc', 'accumulator', 'g', 'v'],
};

const depthAtMost = 3;

/** Values of one name, one for each coordinate. */
type Vectors = Map<string, Float64Array>;

/**
 * The state arrays of the user's optimizer whose names are usual for these states: arrays of one number for
 * each coordinate, or one record for each coordinate, in the state or in the fields of an instance, at most
 * three levels deep. Private fields and closures cannot be read.
 */
export function readMoments(
  state: unknown,
  dim: number,
  wanted: readonly StateName[],
): ReadonlyMap<StateName, Float64Array> {
  const vectors: Vectors = new Map();
  collect(state, dim, depthAtMost, vectors);
  const found = new Map<StateName, Float64Array>();
  const used = new Set<string>();
  for (const name of wanted) {
    const key = names[name].find((candidate) => vectors.has(candidate) && !used.has(candidate));
    if (key === undefined) continue;
    used.add(key);
    found.set(name, vectors.get(key)!);
  }
  return found;
}

function collect(value: unknown, dim: number, depth: number, vectors: Vectors): void {
  if (depth === 0 || typeof value !== 'object' || value === null) return;
  const entries = entriesOf(value);
  for (const [key, column] of columnsOf(entries)) {
    const vector = joined(column, dim);
    if (vector) keep(key, vector, vectors);
  }
  for (const [key, inner] of entries) {
    const vector = vectorOf(inner, dim) ?? ofTensors(inner, dim);
    if (vector) keep(key, vector, vectors);
    else collect(inner, dim, depth - 1, vectors);
  }
}

function entriesOf(value: object): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([key, inner]) => [String(key), inner]);
  return Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([key, { value: inner }]) =>
    inner === undefined || key === 'length' ? [] : [[key, inner] as [string, unknown]],
  );
}

/** The values of each key, if all entries are records: one for each coordinate or tensor. */
function columnsOf(entries: readonly [string, unknown][]): [string, unknown[]][] {
  const records = entries.map(([, value]) => value).filter(isRecord);
  if (records.length === 0) return [];
  return Object.keys(records[0]!).map((key) => [key, records.map((record) => record[key])]);
}

/** One array for each tensor, under its key: `{ w: [0.1, 0.2], b: [0.3] }`. */
function ofTensors(value: unknown, dim: number): Float64Array | null {
  if (!isRecord(value) && !(value instanceof Map)) return null;
  const values = entriesOf(value).map(([, inner]) => inner);
  return values.every((inner) => isList(inner)) ? joined(values, dim) : null;
}

/** Numbers and arrays of numbers, joined to one vector; null if they are no vector of this length. */
function joined(parts: readonly unknown[], dim: number): Float64Array | null {
  const numbers = parts.flatMap((part) => (isList(part) ? Array.from(part) : [part]));
  return numbers.length === dim && numbers.every((x) => typeof x === 'number')
    ? Float64Array.from(numbers)
    : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Map);
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function vectorOf(value: unknown, dim: number): Float64Array | null {
  return isList(value) || (typeof value === 'number' && dim === 1) ? joined([value], dim) : null;
}

function keep(key: string, vector: Float64Array, vectors: Vectors): void {
  const name = key.toLowerCase().replace(/[_#$]/g, '');
  if (!vectors.has(name)) vectors.set(name, vector);
}
