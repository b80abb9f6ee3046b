import type { OptionConflict, OptionSpecs, OptionsOf } from '../config/optionSpecs';

/** Names of what an optimizer keeps for every coordinate. */
export type StateName = 'm' | 'v' | 'vMax' | 'u' | 'momentum' | 'gAvg' | 'sum';
/** Names of what an optimizer keeps once for all coordinates. */
export type ScalarName = 'muProduct';

/**
 * An optimizer at work on one parameter vector. It owns its state and writes it, and `params`, in place. Its state is
 * all that it remembers: written back, a run goes on from there.
 */
export interface Optimizer {
  /** Shape [dim] each, in the order of the definition's `stateNames`. */
  readonly state: readonly Float64Array[];
  /** In the order of the definition's `scalarNames`; absent where there are none. */
  readonly scalars?: Float64Array;

  /** A vector [dim] of zeros, for params or grad, placed where `step` works on it fastest; absent: anywhere. */
  vector?(): Float64Array;

  /**
   * Makes theta_t out of theta_{t−1}.
   *
   * @param params  shape [dim]; theta_{t−1} on entry, theta_t on return
   * @param grad    shape [dim]; the gradient at theta_{t−1}; not modified
   * @param t       1-based step; must go up by one from call to call
   * @param lr      learning rate of this step
   * @param beta    the cycled option (beta1 or momentum) of this step; absent: as the options say
   */
  step(params: Float64Array, grad: Float64Array, t: number, lr: number, beta?: number): void;
}

/** What is known of one coordinate after step t: the argument of every derived quantity. */
export interface CoordinateAt extends Record<StateName | ScalarName, number> {
  /** The optimizer's own count of steps, 1-based. */
  t: number;
  lr: number;
  /** beta1 or momentum, as this step used it; NaN for an optimizer that has neither. */
  beta: number;
  /** What the optimizer got, before any L2 penalty. */
  grad: number;
  /** theta_t */
  params: number;
  /** theta_t − theta_{t−1} */
  update: number;
}

type Formula = (at: CoordinateAt) => number;

/**
 * Formulas over the recorded state, one coordinate at a time. The update without decoupled decay is −a P⁻¹ d; the
 * effective learning rate is a/P. Absent: this optimizer has no such quantity.
 */
export interface DerivedQuantities {
  /** Bias-corrected first moment, unit of the gradient. */
  readonly mHat?: Formula;
  /** Bias-corrected second moment, unit of the gradient squared: the one that divides. */
  readonly vHat?: Formula;
  /** The diagonal of P. */
  readonly preconditioner: Formula;
  /** What eps adds to P. */
  readonly epsPart?: Formula;
  /** a: the learning rate, and what the optimizer makes of it. */
  readonly stepSize: Formula;
  /** d: what P⁻¹ is applied to; the gradient, or a mean of gradients. */
  readonly direction: Formula;
  /** The update that the same state gives where the bias of starting at 0 is left in; without sign. */
  readonly uncorrectedUpdate?: Formula;
}

/** Where in a run a stability limit or a bound is asked for. */
export interface StepAt {
  /** The optimizer's own count of steps, 1-based. */
  readonly t: number;
  readonly lr: number;
  /** beta1 or momentum, as this step uses it. */
  readonly beta: number;
}

/** An optimizer as the registry holds it: what it is called, what can be set, and what can be said about it. */
export interface OptimizerDefinition<S extends OptionSpecs = OptionSpecs> {
  readonly title: string;
  /** One or two sentences of Markdown, for completion and hover. */
  readonly doc: string;
  /** The formula of `effectiveLr`, for chart titles. */
  readonly effectiveLrFormula: string;
  readonly options: S;
  /** Defaults that depend on other options: where a dialect has its own. */
  defaults?(given: Partial<OptionsOf<S>>): Partial<OptionsOf<S>>;
  conflict?(options: OptionsOf<S>): OptionConflict | null;
  /** The option that a schedule may cycle beside the learning rate; null if there is none. */
  readonly cycled: (keyof S & ('beta1' | 'momentum')) | null;
  stateNames(options: OptionsOf<S>): readonly StateName[];
  readonly scalarNames?: readonly ScalarName[];
  create(dim: number, options: OptionsOf<S>): Optimizer;
  derived(options: OptionsOf<S>): DerivedQuantities;
  /**
   * The exact least upper bound, over all gradient sequences, of abs(update without decoupled decay) / lr at step t.
   * Infinity where there is none.
   *
   * @param betaAt  beta1 or momentum of every step where a schedule cycles it, else null
   */
  bound(options: OptionsOf<S>, betaAt?: ((t: number) => number) | null): (t: number) => number;
  /**
   * The largest a·λmax(P⁻¹H) at which steps on a quadratic do not grow. Infinity where there is none. With an L2
   * penalty H includes weightDecay·I.
   */
  stabilityLimit(options: OptionsOf<S>): (at: StepAt) => number;
  /** Factor by which this step shrinks params before the update proper: 1 − lr·weightDecay if decay is decoupled. */
  decay(lr: number, options: OptionsOf<S>): number;
  /** Weight of the penalty ½·l2·‖params‖² that the optimizer adds to the loss it is given. */
  l2(options: OptionsOf<S>): number;
}

/** @throws RangeError if the lengths differ or t < 1 */
export function checkStep(params: Float64Array, grad: Float64Array, dim: number, t: number): void {
  if (params.length !== dim || grad.length !== dim)
    throw new RangeError(`expected ${dim} parameters and gradients, got ${params.length} and ${grad.length}`);
  if (!(t >= 1)) throw new RangeError(`t is 1-based, got ${t}`);
}
