import type { OptionConflict, OptionSpecs, OptionsOf } from '../config/optionSpecs';

/** The state arrays of the optimizers; each has one value per coordinate. */
export type StateName = 'm' | 'v' | 'vMax' | 'u' | 'momentum' | 'gAvg' | 'sum';
/** What is recorded of each coordinate: with parameter groups, also its learning rate and its product of mu. */
export type RecordedState = StateName | 'lr' | ScalarName;

/** State that has one value for all coordinates. */
export type ScalarName = 'muProduct';

const eachState: { readonly [S in RecordedState]: true } = {
  m: true,
  v: true,
  vMax: true,
  u: true,
  momentum: true,
  gAvg: true,
  sum: true,
  lr: true,
  muProduct: true,
};
/** All of them. A missing one does not compile. */
export const recordedStates = Object.keys(eachState) as readonly RecordedState[];

/**
 * An optimizer of one parameter vector. It owns its state, and changes its state and `params` in place.
 * `state` and `scalars` are its complete memory: after they are restored, the run continues from that point.
 */
export interface Optimizer {
  /** Shape [dim] each, in the order of the definition's `stateNames`. */
  readonly state: readonly Float64Array[];
  /** In the order of the definition's `scalarNames`; absent if there are none. */
  readonly scalars?: Float64Array;

  /**
   * Allocates a zero vector [dim] for params or grad, in the memory on which `step` is fastest. If absent,
   * use any array.
   */
  vector?(): Float64Array;

  /**
   * Computes theta_t from theta_{t−1}.
   *
   * @param params  shape [dim]; theta_{t−1} on entry, theta_t on return
   * @param grad    shape [dim]; the gradient at theta_{t−1}; not modified
   * @param t       1-based step; must increase by one with each call
   * @param lr      learning rate of this step
   * @param beta    beta1 or momentum of this step, if a schedule cycles it; absent: the value in the options
   */
  step(params: Float64Array, grad: Float64Array, t: number, lr: number, beta?: number): void;
}

/** The recorded values of one coordinate after step t, from which quantities are derived. */
export interface CoordinateAt extends Record<StateName | ScalarName, number> {
  /** The optimizer's own step count, 1-based. */
  t: number;
  lr: number;
  /** beta1 or momentum of this step; NaN for an optimizer that has neither. */
  beta: number;
  /** The gradient that the optimizer received, before any L2 penalty. */
  grad: number;
  /** theta_t */
  params: number;
  /** theta_t − theta_{t−1} */
  update: number;
}

type Formula = (at: CoordinateAt) => number;

/**
 * Quantities of one coordinate, derived from its recorded values. The update without decoupled decay is −a
 * P⁻¹ d; the effective learning rate is a/P. A quantity is absent if the optimizer does not have it.
 */
export interface DerivedQuantities {
  /** Bias-corrected first moment, unit of the gradient. */
  readonly mHat?: Formula;
  /** Bias-corrected second moment, whose root is the divisor of the step; unit of the squared gradient. */
  readonly vHat?: Formula;
  /** The diagonal entry of P; unit of the gradient, or dimensionless if the optimizer does not divide. */
  readonly preconditioner: Formula;
  /** The part of P that comes from eps; unit of P. */
  readonly epsPart?: Formula;
  /**
   * a: the learning rate, including factors that the optimizer applies to it for all coordinates; unit of lr.
   */
  readonly stepSize: Formula;
  /** d: the gradient, or an average of gradients, to which P⁻¹ is applied; unit of the gradient. */
  readonly direction: Formula;
  /**
   * The absolute value of the update that the same state gives without bias correction; unit of the
   * parameter.
   */
  readonly uncorrectedUpdate?: Formula;
}

/** The step for which a stability limit or a bound is computed. */
export interface StepAt {
  /** The optimizer's own step count, 1-based. */
  readonly t: number;
  readonly lr: number;
  /** beta1 or momentum of this step. */
  readonly beta: number;
}

/** An optimizer in the registry: its title, its options, its implementation, and its derived quantities. */
export interface OptimizerDefinition<S extends OptionSpecs = OptionSpecs> {
  readonly title: string;
  /** One or two sentences of Markdown, for completion and hover. */
  readonly doc: string;
  /** The formula of `effectiveLr`, for chart titles. */
  readonly effectiveLrFormula: string;
  readonly options: S;
  /** Defaults that depend on other options, such as those of a dialect. */
  defaults?(given: Partial<OptionsOf<S>>): Partial<OptionsOf<S>>;
  conflict?(options: OptionsOf<S>): OptionConflict | null;
  /** The option that a schedule may cycle together with the learning rate; null if there is none. */
  readonly cycled: (keyof S & ('beta1' | 'momentum')) | null;
  stateNames(options: OptionsOf<S>): readonly StateName[];
  readonly scalarNames?: readonly ScalarName[];
  create(dim: number, options: OptionsOf<S>): Optimizer;
  derived(options: OptionsOf<S>): DerivedQuantities;
  /**
   * The exact least upper bound, over all gradient sequences, of abs(update without decoupled decay) / lr at
   * step t. Infinity if there is none.
   *
   * @param betaAt  beta1 or momentum of every step, if a schedule cycles it; else null
   */
  bound(options: OptionsOf<S>, betaAt?: ((t: number) => number) | null): (t: number) => number;
  /**
   * The largest a·λmax(P⁻¹H) at which steps on a quadratic loss do not grow. Infinity if there is none. With
   * an L2 penalty, H includes weightDecay·I.
   */
  stabilityLimit(options: OptionsOf<S>): (at: StepAt) => number;
  /**
   * The update after many equal gradients, relative to −a P⁻¹ g: a buffer that adds up gradients makes it longer. Absent: 1, as for
   * an optimizer that averages them.
   */
  accumulation?(options: OptionsOf<S>): (at: Pick<StepAt, 'beta'>) => number;
  /**
   * The factor that multiplies params before the update: 1 − lr·weightDecay if the decay is decoupled, else
   * 1.
   */
  decay(lr: number, options: OptionsOf<S>): number;
  /** The weight of the penalty ½·l2·‖params‖² that the optimizer adds to the loss. */
  l2(options: OptionsOf<S>): number;
}

/** @throws RangeError if the lengths differ or t < 1 */
export function checkStep(params: Float64Array, grad: Float64Array, dim: number, t: number): void {
  if (params.length !== dim || grad.length !== dim)
    throw new RangeError(`expected ${dim} parameters and gradients, got ${params.length} and ${grad.length}`);
  if (!(t >= 1)) throw new RangeError(`t is 1-based, got ${t}`);
}
