import { placing } from './placing';
import { noSite } from './sites';

/** A place where a value that depends on the parameters became a number without a derivative: `| 0`, Math.floor. */
export interface Cut {
  /** −1 if its place is not known. */
  readonly site: number;
  /** The value on the tape. */
  readonly node: number;
}

/** A loop may round a million values: later ones are not remembered. */
const maximalCuts = 10_000;

/** What is remembered of an evaluation while it is on. Off, it costs such an operation one test. */
class Cuts {
  on = false;
  #cuts: Cut[] = [];

  start(): void {
    this.on = true;
    this.#cuts = [];
  }

  /** @param site  −1: that of the operation under way */
  add(node: number, site: number): void {
    if (this.#cuts.length < maximalCuts)
      this.#cuts.push({ node, site: site === noSite ? placing.site : site });
  }

  /** What was added without its place happened at `site`. */
  locate(site: number): void {
    this.#cuts = this.#cuts.map((cut) => (cut.site === noSite ? { ...cut, site } : cut));
  }

  /** What was remembered; from here on nothing is. */
  take(): readonly Cut[] {
    const taken = this.#cuts;
    this.on = false;
    this.#cuts = [];
    return taken;
  }
}

/** One evaluation at a time, so that one serves all. */
export const cuts = new Cuts();
