import type { Random } from './numerics/random';

/** The second argument of a loss. It is the same for all evaluations of one step. */
export interface EvaluationContext {
  /** t, 1-based. */
  readonly step: number;
  /** 0-based. */
  readonly epoch: number;
  /**
   * The samples of this mini-batch; empty if the loss has no samples. Frozen, because all evaluations share
   * it.
   */
  readonly indices: readonly number[];
  /** [0, 1). */
  readonly random: Random;
}

/** Opens the context for one evaluation. `random` restarts from (seed, t) each time. */
export type OpenContext = () => EvaluationContext;

/** A value now, or later if the loss is asynchronous. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * How a gradient was computed: by automatic differentiation, by a function of the user, or by central
 * differences of the loss.
 */
export const gradientMethods = ['exact', 'provided', 'finite-difference'] as const;
export type GradientMethod = (typeof gradientMethods)[number];

/** The interface of a loss to the core. */
export interface Objective {
  readonly dim: number;
  /** The method in use; it may change between evaluations. */
  readonly gradientMode: GradientMethod;

  /** The loss at `params`, shape [dim]; not modified. May throw what the user's code throws. */
  value(params: Float64Array, open: OpenContext): MaybePromise<number>;

  /** The same; also writes the gradient at `params` to `grad`, shape [dim]. */
  valueAndGradient(params: Float64Array, grad: Float64Array, open: OpenContext): MaybePromise<number>;
}

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
