import { atLeast, fromBelow, number, type OptionSpecs, type OptionsOf } from '../config/optionSpecs';
import {
  type CoordinateAt,
  checkStep,
  type DerivedQuantities,
  type Optimizer,
  type OptimizerDefinition,
  type StepAt,
} from './optimizer';
import { adamStabilityLimit } from './stability';
import type { WeightDecay } from './weightDecay';

/** The options of Adam, shared by its variants. */
export const momentOptions = {
  lr: number(1e-3, atLeast(0), 'Learning rate: about the length of the longest step of a coordinate.'),
  beta1: number(
    0.9,
    fromBelow(0, 1),
    'Decay rate of the first moment, which averages about 1/(1 − beta1) gradients.',
  ),
  beta2: number(
    0.999,
    fromBelow(0, 1),
    'Decay rate of the second moment, which averages about 1/(1 − beta2) squared gradients.',
  ),
  eps: number(
    1e-8,
    atLeast(0),
    'Added to sqrt(vHat). Where sqrt(vHat) is much smaller than eps, steps are shorter than lr.',
  ),
  weightDecay: number(
    0,
    atLeast(0),
    'L2 penalty, added to the gradient (coupled: it is divided by sqrt(v) too).',
  ),
} as const;

/**
 * `weightDecay` of optimizers that shrink the parameters directly instead of adding a penalty to the
 * gradient.
 */
export const decoupledWeightDecay = (usual: number) =>
  number(
    usual,
    atLeast(0),
    'Decoupled weight decay: params are multiplied by 1 − lr·weightDecay each step, and not divided by sqrt(v).',
  );

/** The options, with t, lr and beta1 of the current step. */
type StepOptions<S extends OptionSpecs> = OptionsOf<S> & {
  /** 1-based. */
  readonly t: number;
};

/**
 * One step over all coordinates. Writes params, m and v in place, all of shape [dim]. v is the second moment,
 * or u if the variant divides by a maximum. The caller has checked the lengths and t.
 */
type MomentStep<S extends OptionSpecs> = (
  params: Float64Array,
  grad: Float64Array,
  m: Float64Array,
  v: Float64Array,
  at: StepOptions<S>,
) => void;

type OwnKeys = 'title' | 'doc' | 'effectiveLrFormula' | 'options' | 'defaults' | 'conflict' | 'scalarNames';

/**
 * The parts in which a variant differs from Adam. The family adds the state, the checks and the common
 * quantities.
 */
interface Variant<S extends OptionSpecs> extends Pick<OptimizerDefinition<S>, OwnKeys> {
  /** The state in the divisor: v, an average of squared gradients, or u, a maximum of absolute gradients. */
  readonly divisor: 'v' | 'u';
  /**
   * Creates the function of one step for a set of options.
   *
   * @param scalars  the state that all coordinates share, in the order of `scalarNames`. The entries are 1
   *   before the first step. Each step writes them in place.
   */
  step(options: OptionsOf<S>, scalars: Float64Array): MomentStep<S>;
  weightDecay(options: OptionsOf<S>): WeightDecay;
  /** Defaults: mHat = m / (1 − beta1^t), the same for the direction, and the step size lr. */
  derived(options: OptionsOf<S>): Partial<DerivedQuantities> & Pick<DerivedQuantities, 'preconditioner'>;
  /** Default: Infinity, that is no bound. */
  readonly bound?: OptimizerDefinition<S>['bound'];
  /** Default: the limit of Adam. */
  readonly stabilityLimit?: OptimizerDefinition<S>['stabilityLimit'];
}

/** Creates the definition of a variant of Adam. */
export function adamFamily<S extends OptionSpecs & Pick<typeof momentOptions, 'beta1'>>({
  divisor,
  step,
  weightDecay,
  derived,
  bound = () => () => Number.POSITIVE_INFINITY,
  stabilityLimit = (options) => decayingLimit(weightDecay(options)),
  ...own
}: Variant<S>): OptimizerDefinition<S> {
  const scalarCount = own.scalarNames?.length ?? 0;
  return {
    ...own,
    bound,
    stabilityLimit,
    cycled: 'beta1',
    stateNames: () => ['m', divisor],
    create(dim, options) {
      const scalars = new Float64Array(scalarCount).fill(1);
      return new Moments(dim, options, scalars, step(options, scalars));
    },
    derived: (options) => {
      const mHat = (at: CoordinateAt) => at.m / (1 - at.beta ** at.t);
      return { mHat, direction: mHat, stepSize: (at) => at.lr, ...derived(options) };
    },
    decay: (lr, options) => weightDecay(options).decay(lr),
    l2: (options) => weightDecay(options).l2,
  };
}

/** An instance of a variant: its state, and the checks before each step. */
class Moments<S extends OptionSpecs> implements Optimizer {
  readonly state: readonly Float64Array[];
  readonly scalars?: Float64Array;
  readonly #m: Float64Array;
  readonly #v: Float64Array;
  readonly #beta1: number;
  readonly #step: MomentStep<S>;
  readonly #at: { t: number; lr: number; beta1: number };

  constructor(dim: number, options: OptionsOf<S>, scalars: Float64Array, step: MomentStep<S>) {
    this.#m = new Float64Array(dim);
    this.#v = new Float64Array(dim);
    this.state = [this.#m, this.#v];
    if (scalars.length > 0) this.scalars = scalars;
    const { lr, beta1 } = options as { readonly lr: number; readonly beta1: number };
    this.#beta1 = beta1;
    this.#step = step;
    this.#at = { ...options, t: 0, lr, beta1 };
  }

  step(params: Float64Array, grad: Float64Array, t: number, lr: number, beta1 = this.#beta1): void {
    checkStep(params, grad, this.#m.length, t);
    const at = this.#at;
    at.t = t;
    at.lr = lr;
    at.beta1 = beta1;
    this.#step(params, grad, this.#m, this.#v, at as unknown as StepOptions<S>);
  }
}

/** The stability limit of Adam with decoupled weight decay. */
export function decayingLimit({ decay }: WeightDecay): (at: StepAt) => number {
  return (at) => adamStabilityLimit(at, decay(at.lr));
}
