import type { Disposable } from './emitter';
import { Keyframes } from './keyframes';
import type { Run } from './run';

/**
 * Decides which runs keep their steps in memory. Above the budget, the least recently used steps are released. Steps are
 * kept if the run is in progress or held, or if they are not stored elsewhere.
 */
export class TraceMemory {
  readonly #budget: number;
  readonly #isStored: (run: Run) => boolean;
  /** In the order of their last use. */
  readonly #used = new Set<Run>();
  readonly #holds = new Map<Run, number>();

  /**
   * @param budget    bytes
   * @param isStored  whether the steps of a run can be read again
   */
  constructor(budget: number, isStored: (run: Run) => boolean) {
    this.#budget = budget;
    this.#isStored = isStored;
  }

  /** Notes that the steps of a run are being used. */
  use(run: Run): void {
    this.#used.delete(run);
    this.#used.add(run);
    this.#evict(run);
  }

  /** Keeps the steps of a run in memory, after they are loaded, until the hold is disposed of. */
  hold(run: Run): Disposable {
    this.#holds.set(run, (this.#holds.get(run) ?? 0) + 1);
    let isHeld = true;
    return {
      dispose: () => {
        if (!isHeld) return;
        isHeld = false;
        const left = this.#holds.get(run)! - 1;
        if (left > 0) this.#holds.set(run, left);
        else this.#holds.delete(run);
        this.#evict(null);
      },
    };
  }

  isHeld(run: Run): boolean {
    return this.#holds.has(run);
  }

  forget(run: Run): void {
    this.#used.delete(run);
    run.trace = null;
    run.keyframes = new Keyframes();
  }

  /** @param inUse  a run whose steps are kept, whatever their size */
  #evict(inUse: Run | null): void {
    let bytes = 0;
    for (const run of this.#used) bytes += bytesOf(run);
    for (const run of this.#used) {
      if (bytes <= this.#budget) return;
      if (run === inUse || run.isLive || this.#holds.has(run) || !this.#isStored(run)) continue;
      bytes -= bytesOf(run);
      this.forget(run);
    }
  }
}

function bytesOf({ trace, keyframes }: Run): number {
  return (trace?.byteLength ?? 0) + keyframes.byteLength;
}
