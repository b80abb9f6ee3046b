import type { Options } from './stepper';

/** The first step and coordinate at which two paths differ. */
export interface FirstDifference {
  /** The step that produced the difference, 1-based. */
  readonly t: number;
  readonly coordinate: number;
}

/**
 * c of the tolerance below: the relative difference that another order of operations can cause in one step.
 */
export function roundingOfStep({ beta1, beta2, alpha }: Options): number {
  const ulps = [beta1, beta2, alpha].reduce<number>(
    (sum, beta) => sum + (typeof beta === 'number' ? 16 / (1 - beta) : 0),
    64,
  );
  return Number.EPSILON * ulps;
}

/**
 * The allowed distance of two paths that differ only by rounding, for each step and coordinate.
 *
 *   tolerance_{t,i} = Σ_{s ≤ t} (c max_{r ≤ s} abs(update_{r,i}) + 4·2^−52 abs(theta_{s,i}))
 *   c = 2^−52 (64 + 16/(1 − beta1) + 16/(1 − beta2))
 *
 * In any order of operations, a step rounds about a dozen times, each time by half an ulp of a quantity that
 * is not much larger than the largest update so far. The correction 1 − beta^t has an error of an ulp of 1,
 * which is 1/(1 − beta) of its own ulps at t = 1, and twice as much if the power is accumulated step by step.
 * Adding the update to the parameter rounds by an ulp of the parameter.
 */
export class Agreement {
  readonly #reference: readonly Float64Array[];
  readonly #tolerances: readonly Float64Array[];

  constructor(reference: readonly Float64Array[], options: Options) {
    this.#reference = reference;
    const rounding = roundingOfStep(options);
    const largest = new Float64Array(reference[0]!.length);
    const sum = new Float64Array(reference[0]!.length);
    this.#tolerances = reference.map((point, t) => {
      for (let i = 0; i < point.length; i++) {
        if (!Number.isFinite(point[i])) continue;
        // After a parameter that is not finite, the run continues at the start.
        const before = t === 0 ? point[i]! : reference[t - 1]![i]!;
        const update = Math.abs(point[i]! - (Number.isFinite(before) ? before : reference[0]![i]!));
        largest[i] = Math.max(largest[i]!, update);
        sum[i]! += rounding * largest[i]! + 4 * Number.EPSILON * Math.abs(point[i]!);
      }
      return sum.slice();
    });
  }

  /**
   * The first place where a path differs from the reference, in these coordinates only if they are given;
   * null if there is none. NaN equals only NaN.
   */
  parting(path: readonly Float64Array[], within?: ReadonlySet<number>): FirstDifference | null {
    for (let t = 1; t < this.#reference.length; t++) {
      const [own, expected] = [path[t], this.#reference[t]!];
      if (!own) return { t, coordinate: 0 };
      for (let i = 0; i < expected.length; i++) {
        if (within && !within.has(i)) continue;
        const isSame =
          Object.is(own[i], expected[i]) || Math.abs(own[i]! - expected[i]!) <= this.#tolerances[t]![i]!;
        if (!isSame) return { t, coordinate: i };
      }
    }
    return null;
  }

  /** The largest distance relative to the tolerance; infinite if only one of the two values is finite. */
  worst(path: readonly Float64Array[]): number {
    let worst = 0;
    for (let t = 1; t < Math.min(path.length, this.#reference.length); t++)
      for (let i = 0; i < path[t]!.length; i++) {
        const [own, expected] = [path[t]![i]!, this.#reference[t]![i]!];
        if (own === expected || Object.is(own, expected)) continue;
        const excess = Math.abs(own - expected) / this.#tolerances[t]![i]!;
        worst = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : Math.max(worst, excess);
      }
    return worst;
  }
}
