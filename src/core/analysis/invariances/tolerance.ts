import type { StepFacts } from './facts';
import type { Path } from './follow';

/**
 * The relative perturbation of each step: far above rounding, and small enough for a linear response of the
 * path.
 */
export const nudge = 2 ** -30;

/**
 * A safety factor: errors of several steps and coordinates add up, and the perturbation is only one sample of
 * signs.
 */
const safety = 8;

/**
 * If the perturbed path deviates by more than this share of the distance from the start, its response is not
 * linear.
 */
const astrayAtMost = 1e-2;

/**
 * The allowed distance of two paths that differ only by small errors in each step.
 *
 *   e_t = rounding 2^−52 (16 length_t + 8 size_t) + the change by eps       at step t, in units of the parameters
 *   A_t = apart_t / Σ_{s ≤ t} nudge length_s                                measured on the perturbed path
 *   tolerance_t = 8 max(1, A_t) Σ_{s ≤ t} e_s / travel_t
 *
 * A step of an optimizer rounds a few times (16), each time by half an ulp of the result. Rotating the point
 * and adding the update to the parameter rounds some ulps of the parameter (8). No formula gives the
 * amplification A of an error by curvature, momentum and division by a small v, so it is measured: by a run
 * whose steps are multiplied by 1 ± 2^−30. travel_t is the largest distance of a coordinate from its start;
 * all deviations are relative to it.
 */
export class PathTolerance {
  readonly #facts: readonly StepFacts[];
  /** The largest distance of a coordinate from its start, up to step t. */
  readonly travel: Float64Array;
  readonly #amplification: Float64Array;
  /**
   * The number of steps in which the path responds linearly to the perturbation; 0 if the parameters do not
   * change.
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
   * The tolerance at each step, relative to `travel`; entry 0 is unused.
   *
   * @param more  the allowed error of a step in addition to rounding, in units of the parameters
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
