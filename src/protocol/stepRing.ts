/**
 * A ring buffer of step records in shared memory. The worker thread writes and its process reads, without
 * messages. If it is full, the writer waits until the reader has freed records, so no record is lost and the
 * memory is bounded.
 */

/** The data that one side passes to the other. */
export interface RingMemory {
  readonly header: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
  readonly recordLength: number;
}

const written = 0;
const read = 1;
/** The counters wrap to 0 at this value, so that they never overflow an Int32. */
const wrap = 2 ** 30;

export function createRing(recordLength: number, byteLength: number): RingMemory {
  const records = Math.max(2, Math.floor(byteLength / (8 * recordLength)));
  return {
    header: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
    data: new SharedArrayBuffer(8 * records * recordLength),
    recordLength,
  };
}

export class RingWriter {
  /** The records; `next` returns the offset at which to write. */
  readonly data: Float64Array;
  readonly #header: Int32Array;
  readonly #recordLength: number;
  readonly #capacity: number;
  #count = 0;
  #slot = 0;

  constructor(memory: RingMemory) {
    this.#header = new Int32Array(memory.header);
    this.data = new Float64Array(memory.data);
    this.#recordLength = memory.recordLength;
    this.#capacity = this.data.length / memory.recordLength;
  }

  /** The offset in `data` of the next record. Blocks while the ring is full. */
  next(): number {
    let seen = Atomics.load(this.#header, read);
    while ((this.#count - seen + wrap) % wrap >= this.#capacity) {
      Atomics.wait(this.#header, read, seen, 1000);
      seen = Atomics.load(this.#header, read);
    }
    return this.#slot * this.#recordLength;
  }

  /** Makes the record at the offset that `next` returned visible to the reader. */
  publish(): void {
    this.#count = (this.#count + 1) % wrap;
    this.#slot = (this.#slot + 1) % this.#capacity;
    Atomics.store(this.#header, written, this.#count);
  }
}

export class RingReader {
  readonly #header: Int32Array;
  readonly #data: Float64Array;
  readonly #recordLength: number;
  readonly #capacity: number;
  #count = 0;
  #slot = 0;

  constructor(memory: RingMemory) {
    this.#header = new Int32Array(memory.header);
    this.#data = new Float64Array(memory.data);
    this.#recordLength = memory.recordLength;
    this.#capacity = this.#data.length / memory.recordLength;
  }

  /**
   * Reads up to `limit` waiting records and frees their space in the ring.
   *
   * @returns a new array with the records one after the other; null if there are none
   */
  take(limit: number): Float64Array | null {
    const waiting = (Atomics.load(this.#header, written) - this.#count + wrap) % wrap;
    const count = Math.min(waiting, limit);
    if (count === 0) return null;
    const length = this.#recordLength;
    const records = new Float64Array(count * length);
    const first = Math.min(count, this.#capacity - this.#slot);
    records.set(this.#data.subarray(this.#slot * length, (this.#slot + first) * length));
    records.set(this.#data.subarray(0, (count - first) * length), first * length);
    this.#slot = (this.#slot + count) % this.#capacity;
    this.#count = (this.#count + count) % wrap;
    Atomics.store(this.#header, read, this.#count);
    Atomics.notify(this.#header, read);
    return records;
  }
}
