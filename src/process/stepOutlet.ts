import type { RingReader } from '../protocol/stepRing';

/** The maximum number of float64 numbers in one message, unless a single record is longer. */
const numbersAtOnce = 2 ** 14;

/** The connection to the host. */
export interface Outlet {
  send(records: Float64Array): void;
  /**
   * Whether the host has not received everything. Then nothing is sent, the ring fills up, and the thread
   * waits.
   */
  isFull(): boolean;
}

/**
 * Reads the steps of a run from the ring and sends them to the host, not faster than the host receives them.
 */
export class StepOutlet {
  readonly #ring: RingReader;
  readonly #outlet: Outlet;
  readonly #recordsAtOnce: number;

  constructor(ring: RingReader, recordLength: number, outlet: Outlet) {
    this.#ring = ring;
    this.#outlet = outlet;
    this.#recordsAtOnce = Math.max(1, Math.floor(numbersAtOnce / recordLength));
  }

  /** Sends waiting records until the outlet is full. Must be called again when it is no longer full. */
  pump(): void {
    while (!this.#outlet.isFull() && this.#sendSome());
  }

  /** Sends all waiting records even if the outlet is full. The size of the ring limits their number. */
  flush(): void {
    while (this.#sendSome());
  }

  #sendSome(): boolean {
    const records = this.#ring.take(this.#recordsAtOnce);
    if (records) this.#outlet.send(records);
    return records !== null;
  }
}
