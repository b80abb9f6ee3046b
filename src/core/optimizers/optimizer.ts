import type { OptionConflict, OptionSpecs, OptionsOf } from '../config/options';

/** Names of what an optimizer keeps for every coordinate. */
export type StateName = 'm' | 'v' | 'vMax' | 'momentum';

/**
 * An optimizer at work on one parameter vector. It owns its state arrays and writes them, and `params`, in place.
 */
export interface Optimizer {
  /** Shape [dim] each, in the order of the definition's `stateNames`. Written by `step` only. */
  readonly state: readonly Float64Array[];

  /**
   * Makes theta_t out of theta_{t−1}.
   *
   * @param params  shape [dim]; theta_{t−1} on entry, theta_t on return
   * @param grad    shape [dim]; the gradient at theta_{t−1}; not modified
   * @param t       1-based step; must go up by one from call to call
   * @param lr      learning rate of this step
   */
  step(params: Float64Array, grad: Float64Array, t: number, lr: number): void;
}

/** What is known of one coordinate after step t: the argument of every derived quantity. */
export interface CoordinateAt {
  t: number;
  lr: number;
  grad: number;
  /** theta_t */
  params: number;
  /** theta_t − theta_{t−1} */
  update: number;
  m: number;
  v: number;
  vMax: number;
  momentum: number;
}

/** Formulas over the recorded state, one coordinate at a time. Absent: this optimizer has no such quantity. */
export interface DerivedQuantities {
  /** Bias-corrected first moment, unit of the gradient. */
  readonly mHat?: (at: CoordinateAt) => number;
  /** Bias-corrected second moment, unit of the gradient squared: the one that divides. */
  readonly vHat?: (at: CoordinateAt) => number;
  /** The diagonal of P: the update is −a P⁻¹ (direction). */
  readonly preconditioner: (at: CoordinateAt) => number;
}

/** An optimizer as the registry holds it: what it is called, what can be set, and what can be said about it. */
export interface OptimizerDefinition<S extends OptionSpecs = OptionSpecs> {
  readonly title: string;
  /** One or two sentences of Markdown, for completion and hover. */
  readonly doc: string;
  /** The formula of `effectiveLr`, for chart titles. */
  readonly effectiveLrFormula: string;
  readonly options: S;
  conflict?(options: OptionsOf<S>): OptionConflict | null;
  stateNames(options: OptionsOf<S>): readonly StateName[];
  create(dim: number, options: OptionsOf<S>): Optimizer;
  derived(options: OptionsOf<S>): DerivedQuantities;
  /**
   * The exact least upper bound, over all gradient sequences, of abs(update without decoupled decay) / lr at step t.
   * Infinity where there is none.
   */
  bound(options: OptionsOf<S>): (t: number) => number;
  /** Factor by which this step shrinks params before the update proper: 1 − lr·weightDecay if decay is decoupled. */
  decay(lr: number, options: OptionsOf<S>): number;
}

/** @throws RangeError if the lengths differ or t < 1 */
export function checkStep(params: Float64Array, grad: Float64Array, dim: number, t: number): void {
  if (params.length !== dim || grad.length !== dim)
    throw new RangeError(`expected ${dim} parameters and gradients, got ${params.length} and ${grad.length}`);
  if (!(t >= 1)) throw new RangeError(`t is 1-based, got ${t}`);
}
