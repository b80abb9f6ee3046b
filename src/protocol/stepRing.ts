/**
 * A ring of step records in shared memory: the thread writes, its process reads, neither waits for a message. When it is
 * full the writer sleeps until the reader has made room, so nothing is lost and memory is bounded.
 */

/** The data that one side passes to the other. */
export interface RingMemory {
  readonly header: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
  readonly recordLength: number;
}

const written = 0;
const read = 1;
/** Counters are kept below this and wrap, so that they never overflow an Int32. */
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

  /** Offset in `data` of the next record; sleeps while the ring is full. */
  next(): number {
    let seen = Atomics.load(this.#header, read);
    while ((this.#count - seen + wrap) % wrap >= this.#capacity) {
      Atomics.wait(this.#header, read, seen, 1000);
      seen = Atomics.load(this.#header, read);
    }
    return this.#slot * this.#recordLength;
  }

  /** Makes the record at the offset that `next` gave visible to the reader. */
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
   * Takes out up to `limit` records that wait, and frees their room.
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
