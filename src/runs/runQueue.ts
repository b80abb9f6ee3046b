import type { LiveRun } from './liveRun';

/**
 * Lets runs go, at most so many at once. Those that find no place wait: a paused run that is to go on comes before all that
 * have not begun, otherwise the order is that of asking.
 */
export class RunQueue {
  readonly #places: number;
  readonly #live: ReadonlySet<LiveRun>;
  #waiting: LiveRun[] = [];

  /** @param live  the runs under way, waiting ones included */
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

  /** The run whose turn it is, taken out of the queue; undefined if there is none, or no place. */
  next(): LiveRun | undefined {
    const going = [...this.#live].filter(({ takesPlace, isGoing }) => takesPlace && isGoing).length;
    return going < this.#places ? this.#waiting.shift() : undefined;
  }
}
