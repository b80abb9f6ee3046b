import type { StepFacts } from './facts';
import type { Path } from './follow';

/** By how much nudged steps differ: small enough for the path to answer in proportion, far above rounding. */
export const nudge = 2 ** -30;

/** Errors of several steps and coordinates meet; and the nudges are one sample of signs. */
const safety = 8;

/** Share of the way by which the nudged path may go astray: beyond it the answer is in no proportion any more. */
const astrayAtMost = 1e-2;

/**
 * How far two paths may be apart that are the same but for small errors in every step.
 *
 *   e_t = rounding 2^−52 (16 length_t + 8 size_t) + what eps changes       at step t, in units of the parameters
 *   A_t = apart_t / Σ_{s ≤ t} nudge length_s                                measured on the nudged path
 *   tolerance_t = 8 max(1, A_t) Σ_{s ≤ t} e_s / travel_t
 *
 * An optimizer's step rounds a handful of times (16), each half an ulp of what it computes; a rotation of the point or the
 * sum with the parameter rounds some ulps of the parameter (8). What a path makes of an error, by its curvature, its
 * momentum and by dividing by a small v, no formula says: it is measured, by a run whose steps come out longer or shorter
 * by 2^−30. travel_t is the longest way of a coordinate from its start: all deviations are relative to it.
 */
export class Tolerance {
  readonly #facts: readonly StepFacts[];
  /** Largest distance of a coordinate from its start, until step t. */
  readonly travel: Float64Array;
  readonly #amplification: Float64Array;
  /**
   * Steps until the path has made so much of the nudges that nothing could be told of it any more; 0 if it does not move
   * at all.
   */
  readonly horizon: number;

  constructor(base: Path, nudged: Path, facts: readonly StepFacts[]) {
    this.#facts = facts;
    const steps = Math.min(base.points.length, nudged.points.length) - 1;
    this.travel = new Float64Array(steps + 1);
    this.#amplification = new Float64Array(steps + 1).fill(1);
    let [furthest, astray, nudges, horizon] = [0, 0, 0, 0];
    let isLost = false;
    for (let t = 1; t <= steps; t++) {
      furthest = Math.max(furthest, apart(base.points[t]!, base.points[0]!));
      astray = Math.max(astray, apart(base.points[t]!, nudged.points[t]!));
      nudges += nudge * facts[t - 1]!.length;
      this.travel[t] = furthest;
      if (nudges > 0) this.#amplification[t] = Math.max(1, astray / nudges);
      isLost ||= astray > astrayAtMost * furthest;
      if (!isLost && furthest > 0) horizon = t;
    }
    this.horizon = horizon;
  }

  /**
   * By step, relative to the travel; entry 0 is unused.
   *
   * @param more  what else a step may differ by, in units of the parameters
   */
  relative(more: (facts: StepFacts) => number): Float64Array {
    const tolerance = new Float64Array(this.travel.length);
    let sum = 0;
    for (let t = 1; t < tolerance.length; t++) {
      const step = this.#facts[t - 1]!;
      sum += Number.EPSILON * (16 * step.length + 8 * step.size) + more(step);
      tolerance[t] = (safety * this.#amplification[t]! * sum) / this.travel[t]!;
    }
    return tolerance;
  }
}

/** Largest abs(a − b); NaN counts as infinite. */
export function apart(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs(a[i]! - b[i]!);
    largest = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(largest, distance);
  }
  return largest;
}
