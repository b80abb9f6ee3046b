import type { RingReader } from '../protocol/stepRing';

/** Numbers in one message, unless a single record is longer. */
const numbersAtOnce = 2 ** 14;

/** The way out to the host. */
export interface Outlet {
  send(records: Float64Array): void;
  /** True while the host has not received everything: nothing more is sent, the ring fills up, and the thread waits. */
  isFull(): boolean;
}

/** Takes the steps of a run out of the ring and sends them to the host, no faster than the host reads them. */
export class StepOutlet {
  readonly #ring: RingReader;
  readonly #outlet: Outlet;
  readonly #recordsAtOnce: number;

  constructor(ring: RingReader, recordLength: number, outlet: Outlet) {
    this.#ring = ring;
    this.#outlet = outlet;
    this.#recordsAtOnce = Math.max(1, Math.floor(numbersAtOnce / recordLength));
  }

  /** Sends what waits, until the way out is full. To be called again when it is not. */
  pump(): void {
    while (!this.#outlet.isFull() && this.#sendSome());
  }

  /** Sends all that waits, even into a full outlet: the ring bounds how much that is. */
  flush(): void {
    while (this.#sendSome());
  }

  #sendSome(): boolean {
    const records = this.#ring.take(this.#recordsAtOnce);
    if (records) this.#outlet.send(records);
    return records !== null;
  }
}
