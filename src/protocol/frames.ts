/**
 * The frames that a job's process and its host exchange over a pipe. No part of them is specific to
 * JavaScript, so that a Python process can use the same protocol. All numbers are little-endian.
 *
 *   byte 0   uint32    magic, the characters "ADSF"
 *   byte 4   uint32    version, 1
 *   byte 8   uint32    length of the header in bytes, a multiple of 8
 *   byte 12  uint32    length of the payload in float64 numbers
 *   byte 16  header    JSON in UTF-8, padded with spaces
 *   then     payload   float64 numbers
 *
 * Lists of numbers are stored in the payload, not in the JSON, so that NaN, the infinities and -0 are
 * preserved. JSON objects with one key that begins with "$" represent values that JSON does not have:
 *
 *   {"$f64": [from, length]}    an array of float64: numbers of the payload
 *   {"$list": [from, length]}   a plain list of numbers, in JavaScript an Array
 *   {"$number": "NaN"}          a single number; also "Infinity", "-Infinity", "-0"
 *   {"$object": {...}}          an object that would otherwise look like one of these
 *
 * Therefore the string "NaN" stays a string.
 */

const magic = 0x46_53_44_41;
const version = 1;
const prefixLength = 16;
const maxHeaderLength = 2 ** 28;
const maxPayloadLength = 2 ** 27;
/** Shorter lists of finite numbers are written as JSON, where they are easier to read. */
const shortList = 8;

/** The received bytes are not a frame, or the frame exceeds the limits. Nothing more can be read from this pipe. */
export class FrameError extends Error {}

/**
 * @returns the bytes of one frame
 * @throws FrameError if the message is over the limits
 * @throws TypeError if it contains a value that a frame cannot represent, such as a function
 */
export function encodeFrame(message: unknown): Uint8Array {
  const payload = new Payload();
  const header = new TextEncoder().encode(JSON.stringify(payload.lift(message)));
  const headerLength = Math.ceil(header.length / 8) * 8;
  if (headerLength > maxHeaderLength || payload.length > maxPayloadLength)
    throw new FrameError(
      `the message is too large: ${header.length} bytes of text and ${payload.length} numbers; ${maxHeaderLength} and ${maxPayloadLength} are possible`,
    );
  const frame = new Uint8Array(prefixLength + headerLength + 8 * payload.length);
  const prefix = new DataView(frame.buffer);
  prefix.setUint32(0, magic, true);
  prefix.setUint32(4, version, true);
  prefix.setUint32(8, headerLength, true);
  prefix.setUint32(12, payload.length, true);
  frame.set(header, prefixLength);
  frame.fill(0x20, prefixLength + header.length, prefixLength + headerLength);
  payload.write(new Float64Array(frame.buffer, prefixLength + headerLength));
  return frame;
}

/** The lists of numbers of one message. */
class Payload {
  length = 0;
  readonly #lists: (Float64Array | readonly number[])[] = [];

  /** The message as a JSON value, with lists of numbers replaced by their positions in the payload. */
  lift(value: unknown): unknown {
    if (typeof value === 'number') return liftNumber(value);
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || value === undefined)
      return value;
    if (value instanceof Float64Array) return { $f64: this.#place(value) };
    if (Array.isArray(value)) return this.#liftList(value);
    if (typeof value === 'object' && isPlain(value)) return this.#liftObject(value);
    throw new TypeError(`${Object.prototype.toString.call(value)} cannot be part of a frame`);
  }

  write(target: Float64Array): void {
    let at = 0;
    for (const list of this.#lists) {
      if (list instanceof Float64Array) target.set(list, at);
      // `set` takes ten times as long for a plain list.
      else for (let i = 0; i < list.length; i++) target[at + i] = list[i]!;
      at += list.length;
    }
  }

  #place(list: Float64Array | readonly number[]): [number, number] {
    const from = this.length;
    this.#lists.push(list);
    this.length += list.length;
    return [from, list.length];
  }

  #liftList(list: readonly unknown[]): unknown {
    if (list.length > shortList && list.every((item) => typeof item === 'number'))
      return { $list: this.#place(list as readonly number[]) };
    return list.map((item) => this.lift(item));
  }

  #liftObject(value: object): unknown {
    const entries = Object.entries(value);
    const lifted = Object.fromEntries(entries.map(([key, item]) => [key, this.lift(item)]));
    return entries.length === 1 && entries[0]![0].startsWith('$') ? { $object: lifted } : lifted;
  }
}

function liftNumber(value: number): unknown {
  if (Object.is(value, -0)) return { $number: '-0' };
  return Number.isFinite(value) ? value : { $number: String(value) };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Assembles messages from the chunks of a pipe, which may be cut anywhere. */
export class FrameReader {
  readonly #prefix = new Uint8Array(prefixLength);
  #header = new Uint8Array(0);
  #payload = new Float64Array(0);
  /** The number of bytes of the current frame that have been received. */
  #filled = 0;

  /**
   * Adds a chunk and calls `onMessage` for each message that it completes.
   *
   * @throws FrameError if the bytes are not frames. The reader cannot be used after that.
   */
  push(chunk: Uint8Array, onMessage: (message: unknown) => void): void {
    let at = 0;
    while (at < chunk.length) {
      at += this.#take(chunk, at);
      if (this.#filled === prefixLength) this.#begin();
      if (this.#filled >= prefixLength && this.#filled === this.#frameLength) onMessage(this.#end());
    }
  }

  get #frameLength(): number {
    return prefixLength + this.#header.length + this.#payload.byteLength;
  }

  /** Copies as many bytes as the current part of the frame still lacks. */
  #take(chunk: Uint8Array, at: number): number {
    const [part, from] = this.#part();
    const count = Math.min(part.length - (this.#filled - from), chunk.length - at);
    part.set(chunk.subarray(at, at + count), this.#filled - from);
    this.#filled += count;
    return count;
  }

  /** The part of the frame that is being filled, and the offset at which it begins in the frame. */
  #part(): [Uint8Array, number] {
    if (this.#filled < prefixLength) return [this.#prefix, 0];
    const payloadFrom = prefixLength + this.#header.length;
    if (this.#filled < payloadFrom) return [this.#header, prefixLength];
    return [new Uint8Array(this.#payload.buffer), payloadFrom];
  }

  #begin(): void {
    const prefix = new DataView(this.#prefix.buffer);
    const headerLength = prefix.getUint32(8, true);
    const payloadLength = prefix.getUint32(12, true);
    if (prefix.getUint32(0, true) !== magic || prefix.getUint32(4, true) !== version)
      throw new FrameError('the bytes are no frame');
    if (headerLength > maxHeaderLength || payloadLength > maxPayloadLength || headerLength === 0)
      throw new FrameError(
        `a frame announces ${headerLength} bytes of text and ${payloadLength} numbers; ${maxHeaderLength} and ${maxPayloadLength} are possible`,
      );
    this.#header = new Uint8Array(headerLength);
    this.#payload = new Float64Array(payloadLength);
  }

  #end(): unknown {
    const payload = this.#payload;
    let message: unknown;
    try {
      message = restore(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(this.#header)), payload);
    } catch (error) {
      throw error instanceof FrameError ? error : new FrameError('the header of a frame is not JSON');
    }
    this.#filled = 0;
    this.#header = new Uint8Array(0);
    this.#payload = new Float64Array(0);
    return message;
  }
}

/**
 * Converts a JSON value that `lift` made back to the message. Arrays in the message are copies of the
 * payload.
 */
function restore(value: unknown, payload: Float64Array): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => restore(item, payload));
  const entries = Object.entries(value);
  const [key, item] = entries[0] ?? [];
  if (entries.length !== 1 || !key?.startsWith('$')) return restoreEntries(entries, payload);
  switch (key) {
    case '$f64':
      return numbersAt(item, payload);
    case '$list':
      return listOf(numbersAt(item, payload));
    case '$number':
      return Number(item);
    case '$object':
      return restoreEntries(Object.entries(item as object), payload);
    default:
      throw new FrameError(`a frame has the unknown key ${key}`);
  }
}

function restoreEntries(entries: readonly (readonly [string, unknown])[], payload: Float64Array): unknown {
  return Object.fromEntries(entries.map(([key, item]) => [key, restore(item, payload)]));
}

/** `Array.from` takes twenty times as long, because it uses an iterator. */
function listOf(numbers: Float64Array): number[] {
  const list = new Array<number>(numbers.length);
  for (let i = 0; i < numbers.length; i++) list[i] = numbers[i]!;
  return list;
}

function numbersAt(place: unknown, payload: Float64Array): Float64Array {
  const [from, length] = Array.isArray(place) ? (place as unknown[]) : [];
  const isInside =
    Number.isInteger(from) &&
    Number.isInteger(length) &&
    (from as number) >= 0 &&
    (length as number) >= 0 &&
    (from as number) + (length as number) <= payload.length;
  if (!isInside) throw new FrameError('a frame names numbers that it does not have');
  if (from === 0 && length === payload.length) return payload;
  return payload.slice(from as number, (from as number) + (length as number));
}
