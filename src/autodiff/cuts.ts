import { placing } from './placing';
import { noSite } from './sites';

/**
 * An operation that made a number or a truth value without a derivative from a value that depends on the parameters:
 * `| 0`, Math.floor, `<`.
 */
export interface Cut {
  /** −1 if the place of the operation is not known. */
  readonly site: number;
  /** The operand on the tape; −1 for a plain left side of a comparison. */
  readonly node: number;
  /** The result; of a comparison 0 or 1. */
  readonly result: number;
  /** null for an operation that makes an integer. */
  readonly comparison: Comparison | null;
}

/** The two sides of a comparison of numbers. */
export interface Comparison {
  /** The right side on the tape; −1 if it is a plain number. */
  readonly right: number;
  /** Left side minus right side. */
  readonly gap: number;
}

/** A loop may round a million values, so later ones are not recorded. */
const maximalCuts = 10_000;

/**
 * Records the cuts of an evaluation while `on` is true, and comparisons while `comparing` is true. While they are false, each such
 * operation costs one test.
 */
class Cuts {
  on = false;
  comparing = false;
  #cuts: Cut[] = [];
  /** The positions of the cuts whose place is not known yet. */
  #unplaced: number[] = [];

  start(comparing = false): void {
    this.on = true;
    this.comparing = comparing;
    this.#cuts = [];
    this.#unplaced = [];
  }

  /** @param site  −1: the place of the current operation */
  add(node: number, result: number, site: number, comparison: Comparison | null = null): void {
    if (this.#cuts.length >= maximalCuts) return;
    const place = site === noSite ? placing.site : site;
    if (place === noSite) this.#unplaced.push(this.#cuts.length);
    this.#cuts.push({ node, result, site: place, comparison });
  }

  /** Assigns `site` to the cuts whose place is not known yet. */
  locate(site: number): void {
    for (const k of this.#unplaced) this.#cuts[k] = { ...this.#cuts[k]!, site };
    this.#unplaced.length = 0;
  }

  /** Returns the recorded cuts and stops recording. */
  take(): readonly Cut[] {
    const taken = this.#cuts;
    this.on = false;
    this.comparing = false;
    this.#cuts = [];
    this.#unplaced = [];
    return taken;
  }
}

/** Evaluations do not overlap, so all of them share one instance. */
export const cuts = new Cuts();
