import type { Slices } from '../loss/discovery/discoverInSlices';

/** All extensions share the extension host, so a task must not block it for longer. */
const sliceMs = 4;

/** A search was cancelled. */
export class Cancelled extends Error {}

/** Work of the extension host in slices of a few milliseconds. */
export class WorkSlices implements Slices {
  readonly #isCancelled: () => boolean;
  #until = performance.now() + sliceMs;

  constructor(isCancelled: () => boolean = () => false) {
    this.#isCancelled = isCancelled;
  }

  isOver(): boolean {
    return performance.now() >= this.#until;
  }

  /** @throws Cancelled */
  async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#isCancelled()) throw new Cancelled('cancelled');
    this.#until = performance.now() + sliceMs;
  }
}
