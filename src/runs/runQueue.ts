import type { LiveRun } from './liveRun';

/**
 * Limits the number of simultaneous runs; the others wait. A paused run that is resumed comes before runs
 * that have not started. Otherwise runs start in the order of the requests.
 */
export class RunQueue {
  readonly #places: number;
  readonly #live: ReadonlySet<LiveRun>;
  #waiting: LiveRun[] = [];

  /** @param live  the runs that have not ended, including waiting runs */
  constructor(places: number, live: ReadonlySet<LiveRun>) {
    this.#places = places;
    this.#live = live;
  }

  add(live: LiveRun): void {
    const behind = live.isOpen ? this.#waiting.filter(({ isOpen }) => isOpen).length : this.#waiting.length;
    this.#waiting.splice(behind, 0, live);
  }

  remove(live: LiveRun): void {
    this.#waiting = this.#waiting.filter((each) => each !== live);
  }

  /**
   * Removes the next run from the queue and returns it; undefined if the queue is empty or the largest number
   * of simultaneous runs is reached.
   */
  next(): LiveRun | undefined {
    const going = [...this.#live].filter(({ takesPlace, isGoing }) => takesPlace && isGoing).length;
    return going < this.#places ? this.#waiting.shift() : undefined;
  }
}
