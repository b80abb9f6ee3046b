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
  const perCoordinate = coordinateRecords(entries, dim);
  if (perCoordinate) {
    for (const key of Object.keys(perCoordinate[0]!)) {
      const column = perCoordinate.map((record) => record[key]);
      if (column.every((x) => typeof x === 'number')) keep(key, Float64Array.from(column), vectors);
    }
    return;
  }
  for (const [key, inner] of entries) {
    const vector = vectorOf(inner, dim);
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

/** The records under the keys 0 … dim − 1; null if these are not all records. */
function coordinateRecords(entries: readonly [string, unknown][], dim: number) {
  const byKey = new Map(entries);
  const records = Array.from({ length: dim }, (_, i) => byKey.get(String(i)));
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
  return records.every(isRecord) ? records : null;
}

function vectorOf(value: unknown, dim: number): Float64Array | null {
  if (typeof value === 'number') return dim === 1 ? Float64Array.of(value) : null;
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList) return null;
  const list = value as ArrayLike<unknown>;
  if (list.length !== dim) return null;
  const numbers = Array.from(list);
  return numbers.every((x) => typeof x === 'number') ? Float64Array.from(numbers) : null;
}

function keep(key: string, vector: Float64Array, vectors: Vectors): void {
  const name = key.toLowerCase().replace(/[_#$]/g, '');
  if (!vectors.has(name)) vectors.set(name, vector);
}
