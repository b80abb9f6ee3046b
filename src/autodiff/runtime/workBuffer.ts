import { noSite } from '../sites';
import { Traced } from '../traced';
import { bufferView } from './bufferView';
import { plain, toNumber } from './coerce';
import { comparison } from './compare';
import { sitedMath } from './math';
import { bytesOf } from './sharedBytes';
import { standsFor } from './standIn';

/** The members of the native array that are used. The methods of a WorkBuffer have other return types. */
interface NativeArray {
  [index: number]: unknown;
  length: number;
  fill(value: unknown, start?: number, end?: number): this;
  sort(compare: (a: unknown, b: unknown) => number): this;
  reverse(): this;
}
const NativeArray = Array as unknown as new () => NativeArray;

type Element = number | Traced;
type Callback = (element: unknown, index: number, array: WorkBuffer) => unknown;
type Compare = (a: unknown, b: unknown) => unknown;

/** Whether there has been any WorkBuffer. As long as there is none, writes to arrays need not test for one. */
export const buffers = { made: false };

/**
 * The replacement of `new Float64Array(…)` in user code: an array that can hold traced values and otherwise
 * behaves like the typed array. Writes go through `store`. Reads are native array reads, which are fast.
 *
 * Differences: it has bytes only while it holds no traced value, see `bytesOf`; for code that is not instrumented,
 * ArrayBuffer.isView is false; `[buffer].flat()` flattens it.
 */
export abstract class WorkBuffer extends NativeArray {
  declare readonly BYTES_PER_ELEMENT: number;

  constructor(source?: unknown) {
    super();
    buffers.made = true;
    const elements = isList(source) ? listed(source) : lengthOf(source);
    // Filled in order, so that the engine knows that the array has no holes.
    if (typeof elements === 'number') for (let i = 0; i < elements; i++) this[i] = 0;
    else for (let i = 0; i < elements.length; i++) this[i] = this.rounded(toNumber(elements[i]));
  }

  /** Rounds a value to the precision of the typed array. The derivative of rounding is 1. */
  abstract rounded(value: Element): Element;

  /** `this[key] = value`. An index out of range writes nothing, as in a typed array. */
  store(key: unknown, value: unknown): void {
    const index = typeof key === 'number' ? key : numericKey(key);
    if (index === undefined) storeProperty(this, key as PropertyKey, value);
    else {
      const element = this.rounded(typeof value === 'number' ? value : toNumber(value));
      if (Number.isInteger(index) && index >= 0 && index < this.length) this[index] = element;
    }
  }

  get byteLength(): number {
    return this.length * this.BYTES_PER_ELEMENT;
  }

  get byteOffset(): number {
    return 0;
  }

  get buffer(): ArrayBuffer {
    return bytesOf(this, () => this.native());
  }

  /** A native typed array of the same kind with the same elements, which are plain numbers. */
  copied(): ArrayBufferView {
    const copy = this.native();
    for (let i = 0; i < this.length; i++) copy[i] = this[i] as number;
    return copy;
  }

  /** A native typed array of the same kind and length, filled with zeros. */
  abstract native(): Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

  /** For the methods of Array that are applied to it: they create an array, as they do for a typed array. */
  static get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override fill(value: unknown, start?: number, end?: number): this {
    return super.fill(this.rounded(toNumber(value)), start, end);
  }

  map(callback: Callback, thisArg?: unknown): WorkBuffer {
    if (isNative(this)) return ofNative(this, 'map', [callback, thisArg]) as WorkBuffer;
    const mapped = like(this, this.length);
    for (let i = 0; i < this.length; i++) mapped.store(i, callback.call(thisArg, this[i], i, this));
    return mapped;
  }

  filter(callback: Callback, thisArg?: unknown): WorkBuffer {
    if (isNative(this)) return ofNative(this, 'filter', [callback, thisArg]) as WorkBuffer;
    const kept: unknown[] = [];
    for (let i = 0; i < this.length; i++)
      if (comparison.truthy(callback.call(thisArg, this[i], i, this))) kept.push(this[i]);
    return filledWith(like(this, kept.length), kept);
  }

  slice(start?: number, end?: number): WorkBuffer {
    if (isNative(this)) return ofNative(this, 'slice', [start, end]) as WorkBuffer;
    const part = Array.from(this).slice(start, end);
    return filledWith(like(this, part.length), part);
  }

  /** Sorts numerically if no comparison function is given, as a typed array does. */
  override sort(compare?: Compare): this {
    return super.sort(
      compare ? (a, b) => plain(toNumber(compare(a, b))) as number : (a, b) => byNumber(plain(a), plain(b)),
    );
  }

  toSorted(compare?: Compare): WorkBuffer {
    return this.slice().sort(compare);
  }

  toReversed(): WorkBuffer {
    return this.slice().reverse();
  }

  with(index: number, value: unknown): WorkBuffer {
    const at = relative(index, this.length);
    const element = toNumber(value);
    if (at < 0 || at >= this.length) throw new RangeError('Invalid typed array index');
    const copy = this.slice();
    copy.store(at, element);
    return copy;
  }

  /** Copies elements. The source and the target may overlap. */
  set(source: ArrayLike<unknown>, offset: unknown = 0): void {
    if (isNative(this)) {
      ofNative(this, 'set', [source, offset]);
      return;
    }
    const elements = Array.from(source);
    const from = Math.trunc(Number(offset)) || 0;
    if (from < 0 || from + elements.length > this.length) throw new RangeError('offset is out of bounds');
    for (let i = 0; i < elements.length; i++) this.store(from + i, elements[i]);
  }

  /** Returns a view: the view and this buffer share their elements. */
  subarray(begin: unknown = 0, end: unknown = this.length): WorkBuffer {
    if (isNative(this)) return ofNative(this, 'subarray', [begin, end]) as WorkBuffer;
    const from = clamped(begin, this.length);
    const length = Math.max(0, clamped(end, this.length) - from);
    return bufferView(this, like(this, length), from);
  }

  /** The JSON form of a typed array: an object with indices as keys. */
  toJSON(): object {
    return { ...this };
  }

  static from(this: BufferClass, source: Iterable<unknown> | ArrayLike<unknown>, ...rest: []): WorkBuffer {
    return new this(Array.from(source, ...rest));
  }

  static of(this: BufferClass, ...elements: unknown[]): WorkBuffer {
    return new this(elements);
  }
}

/** Not a type guard: the type of a WorkBuffer does not say that it is no view. */
function isNative(receiver: unknown): boolean {
  return ArrayBuffer.isView(receiver);
}

type NativeMethod = 'filter' | 'map' | 'set' | 'slice' | 'subarray';

/** `Float64Array.prototype.slice.call(view)` for a native typed array. */
function ofNative(view: unknown, name: NativeMethod, args: readonly unknown[]): unknown {
  return Reflect.apply(Float64Array.prototype[name] as (...args: unknown[]) => unknown, view, args);
}

type BufferClass = new (source: unknown) => WorkBuffer;

class Float64Work extends WorkBuffer {
  constructor(source?: unknown, byteOffset?: number, length?: number) {
    super(isBytes(source) ? 0 : source);
    // biome-ignore lint/correctness/noConstructorReturn: a native array is what `new` must give here
    if (isBytes(source)) return new Float64Array(source, byteOffset, length) as never;
  }

  rounded(value: Element): Element {
    return value;
  }

  native(): Float64Array<ArrayBuffer> {
    return new Float64Array(this.length);
  }
}

class Float32Work extends WorkBuffer {
  constructor(source?: unknown, byteOffset?: number, length?: number) {
    super(isBytes(source) ? 0 : source);
    // biome-ignore lint/correctness/noConstructorReturn: a native array is what `new` must give here
    if (isBytes(source)) return new Float32Array(source, byteOffset, length) as never;
  }

  rounded(value: Element): Element {
    return typeof value === 'number' ? Math.fround(value) : rounded(value);
  }

  native(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.length);
  }
}

const rounded = (value: Traced): Traced => sitedMath.fround(value, noSite) as Traced;

/**
 * Replacements of the typed arrays with these names. For an ArrayBuffer they create native arrays, without
 * traced values.
 */
export const float64 = standingIn(Float64Work, Float64Array);
export const float32 = standingIn(Float32Work, Float32Array);

function standingIn<T extends Float64ArrayConstructor | Float32ArrayConstructor>(
  work: typeof Float64Work | typeof Float32Work,
  native: T,
): T {
  const { name, BYTES_PER_ELEMENT } = native;
  const constant = { BYTES_PER_ELEMENT: { value: BYTES_PER_ELEMENT } };
  Object.defineProperties(work, {
    ...constant,
    name: { value: name },
    [Symbol.hasInstance]: {
      value(this: object, value: unknown): boolean {
        return (
          Function.prototype[Symbol.hasInstance].call(this, value) ||
          (this === work && value instanceof native)
        );
      },
    },
  });
  Object.defineProperties(work.prototype, { ...constant, [Symbol.toStringTag]: { value: name } });
  standsFor(work, native);
  return work as unknown as T;
}

// Typed arrays do not have these methods of Array.
for (const name of ['concat', 'flat', 'flatMap', 'pop', 'push', 'shift', 'splice', 'toSpliced', 'unshift'])
  Object.defineProperty(WorkBuffer.prototype, name, { value: undefined });
Object.defineProperty(WorkBuffer.prototype, Symbol.isConcatSpreadable, { value: false });

/** A new buffer of the same kind, filled with zeros. */
function like(buffer: WorkBuffer, length: number): WorkBuffer {
  return new (buffer.constructor as BufferClass)(length);
}

function filledWith(buffer: WorkBuffer, elements: readonly unknown[]): WorkBuffer {
  for (let i = 0; i < elements.length; i++) buffer[i] = elements[i];
  return buffer;
}

function storeProperty(buffer: WorkBuffer, key: PropertyKey, value: unknown): void {
  if (key === 'length')
    throw new TypeError('Cannot set property length of a typed array, which has only a getter');
  Object.assign(buffer, { [key]: value });
}

function isBytes(source: unknown): source is ArrayBuffer {
  return source instanceof ArrayBuffer || source instanceof SharedArrayBuffer;
}

function isList(source: unknown): source is Iterable<unknown> | ArrayLike<unknown> {
  return (
    (typeof source === 'object' && source !== null && !(source instanceof Traced)) ||
    typeof source === 'function'
  );
}

function listed(source: Iterable<unknown> | ArrayLike<unknown>): ArrayLike<unknown> {
  return Array.isArray(source) || ArrayBuffer.isView(source)
    ? (source as ArrayLike<unknown>)
    : Array.from(source);
}

/** ToIndex (ECMA-262). A traced length is refused when it is converted to a number. */
function lengthOf(source: unknown): number {
  const length = Math.trunc(Number(source)) || 0;
  if (length < 0 || length > maximalLength)
    throw new RangeError(`Invalid typed array length: ${String(source)}`);
  return length;
}
/** The largest length of a plain array, which holds the elements. */
const maximalLength = 2 ** 32 - 1;

/** The number of a canonical numeric text ('1', '-0', 'NaN'), which is never the name of a property. */
function numericKey(key: unknown): number | undefined {
  if (typeof key !== 'string') return undefined;
  if (key === '-0') return Number.NaN;
  const number = Number(key);
  return String(number) === key ? number : undefined;
}

function relative(index: unknown, length: number): number {
  const at = Math.trunc(Number(index)) || 0;
  return at < 0 ? length + at : at;
}

function clamped(index: unknown, length: number): number {
  return Math.min(Math.max(relative(index, length), 0), length);
}

/** The order of typed arrays: −0 before 0, NaN last. */
function byNumber(a: unknown, b: unknown): number {
  const x = a as number;
  const y = b as number;
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === 0 && y === 0) return Number(Object.is(y, -0)) - Number(Object.is(x, -0));
  return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
}
