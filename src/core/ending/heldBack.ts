// What may keep a run from a lower loss, apart from its optimizer.
import type { SourceLocation } from '../sourceLocation';

/** An expression of the loss with asymptotes, at the end of a run. */
export interface SaturatedExpression {
  readonly place: { readonly location: SourceLocation; readonly expression: string };
  /** Its evaluations in one evaluation of the loss, and those whose value was within a hundredth of its range from an asymptote. */
  readonly count: number;
  readonly saturated: number;
  /** The median of the saturated values, and the asymptote near it. */
  readonly value: number;
  readonly bound: number;
  /** The median of |z| for a logistic function of z, of 2|z| for tanh z: the parameters must be divided by about this much to leave the saturation. */
  readonly depth: number;
  /** The saturated values that are outputs which the loss pulls across their asymptote. */
  readonly pulled: number;
  /** The coordinates that the saturated values depend on, in ascending order. */
  readonly coordinates: readonly number[];
}

/** What the expressions of a loss with asymptotes do at one point. */
export interface Saturation {
  readonly expressions: readonly SaturatedExpression[];
  /** The share of the loss in outputs that it pulls across their asymptotes. */
  readonly pulledShare: number;
}

/** The saturation that kept a run from a lower loss. */
export type HeldBySaturation = { readonly expression: SaturatedExpression } & (
  | {
      /** The loss would fall if outputs passed their asymptotes. */
      readonly kind: 'out-of-reach';
      readonly share: number;
    }
  | {
      /** The derivative has vanished: with the coordinates of the expression multiplied by `factor`, a local search reaches a much lower loss. */
      readonly kind: 'vanished';
      readonly factor: number;
      readonly loss: number;
    }
);

/** A parameter whose number is so large or so small that the steps of the run do not fit it. */
export interface OddScale {
  readonly index: number;
  /** abs(theta_0); for a parameter that starts at 0, the power of ten nearest to the optimum along it. */
  readonly magnitude: number;
  readonly startsAtZero: boolean;
  /**
   * short: the whole path of the parameter is at most a ten thousandth of its magnitude.
   * long: its first step is at least ten thousand times its magnitude.
   */
  readonly kind: 'short' | 'long';
  /** The length of that path, or of that step. */
  readonly moved: number;
  /** The loss that is reached in steps of its own magnitude: lower than at the end of the run, or than any of a run that broke. */
  readonly reached: number;
  /** Where the run broke: the loss at the start, and with the first step of this parameter alone. null otherwise. */
  readonly broke: { readonly from: number; readonly to: number } | null;
}

/** A local search from a point beside the last one reaches it: there, a symmetry or factors that are 0 are broken. */
export interface BesideEnd {
  readonly kind: 'beside-end';
  readonly distance: number;
  /** Whether that is so near that the last point is no minimum. */
  readonly isNear: boolean;
  /** The unit vector from the last point to the end of that search, shape [dim]. */
  readonly direction: Float64Array;
  /** theta_0, shape [dim]. */
  readonly start: Float64Array;
  /** The coordinates that it displaces and that have never moved, because their gradient was 0. */
  readonly unmoved: readonly number[];
  /** The coordinates that it displaces and that moved, each equal to another one from the start to the end. */
  readonly equal: readonly number[];
}

/** A lower loss near the last point, which a local search from that point does not reach. */
export type LowerElsewhere = { readonly loss: number } & (
  | {
      /** A local search from before step t reaches it: that step led past it. */
      readonly kind: 'before-leap';
      readonly t: number;
    }
  | {
      /** The loss is lower at this distance from a flat region. */
      readonly kind: 'beyond-flat';
      readonly distance: number;
    }
  | {
      /** A local search from a point at this distance from a stationary start reaches it. */
      readonly kind: 'beside-start';
      readonly distance: number;
    }
  | BesideEnd
);
