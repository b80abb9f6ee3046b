import { placing } from './placing';
import { noSite } from './sites';

/**
 * An operation that made a number without a derivative from a value that depends on the parameters: `| 0`,
 * Math.floor.
 */
export interface Cut {
  /** −1 if the place of the operation is not known. */
  readonly site: number;
  /** The value on the tape. */
  readonly node: number;
}

/** A loop may round a million values, so later ones are not recorded. */
const maximalCuts = 10_000;

/**
 * Records the cuts of an evaluation while `on` is true. While it is false, each such operation costs one
 * test.
 */
class Cuts {
  on = false;
  #cuts: Cut[] = [];

  start(): void {
    this.on = true;
    this.#cuts = [];
  }

  /** @param site  −1: the place of the current operation */
  add(node: number, site: number): void {
    if (this.#cuts.length < maximalCuts)
      this.#cuts.push({ node, site: site === noSite ? placing.site : site });
  }

  /** Assigns `site` to the cuts whose place is not known yet. */
  locate(site: number): void {
    this.#cuts = this.#cuts.map((cut) => (cut.site === noSite ? { ...cut, site } : cut));
  }

  /** Returns the recorded cuts and stops recording. */
  take(): readonly Cut[] {
    const taken = this.#cuts;
    this.on = false;
    this.#cuts = [];
    return taken;
  }
}

/** Evaluations do not overlap, so all of them share one instance. */
export const cuts = new Cuts();
