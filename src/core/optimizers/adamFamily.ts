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

/** Adam's options, which its relatives take over. */
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

/** `weightDecay` where it shrinks the parameters instead of adding to the gradient. */
export const decoupledWeightDecay = (usual: number) =>
  number(
    usual,
    atLeast(0),
    'Decoupled weight decay: params are multiplied by 1 − lr·weightDecay each step, and not divided by sqrt(v).',
  );

/**
 * One step over all coordinates: writes params, m and v in place. v is the second moment, or u where the relative divides by
 * a largest size. Lengths and t have been checked.
 */
type MomentStep = (
  params: Float64Array,
  grad: Float64Array,
  m: Float64Array,
  v: Float64Array,
  at: StepAtHand,
) => void;

interface StepAtHand {
  /** 1-based. */
  t: number;
  lr: number;
  /** As a schedule cycles it, else as the options say. */
  beta1: number;
}

type Taken = 'title' | 'doc' | 'effectiveLrFormula' | 'options' | 'defaults' | 'conflict' | 'scalarNames';

/** What a relative of Adam has of its own. The family adds its state, the checks, and what holds for all of them. */
interface Relative<S extends OptionSpecs> extends Pick<OptimizerDefinition<S>, Taken> {
  /** What divides: v, a mean of squared gradients, or u, a largest gradient. */
  readonly divisor: 'v' | 'u';
  /**
   * The equation, for a set of options.
   *
   * @param scalars  what is kept once for all coordinates, by `scalarNames`; 1 before the first step, written in place
   */
  step(options: OptionsOf<S>, scalars: Float64Array): MomentStep;
  weightDecay(options: OptionsOf<S>): WeightDecay;
  /** Left out: mHat = m / (1 − beta1^t), which is the direction; the step size lr. */
  derived(options: OptionsOf<S>): Partial<DerivedQuantities> & Pick<DerivedQuantities, 'preconditioner'>;
  /** Left out: there is none. */
  readonly bound?: OptimizerDefinition<S>['bound'];
  /** Left out: Adam's. */
  readonly stabilityLimit?: OptimizerDefinition<S>['stabilityLimit'];
}

/** The definition of a relative of Adam. */
export function adamFamily<S extends OptionSpecs & Pick<typeof momentOptions, 'beta1'>>({
  divisor,
  step,
  weightDecay,
  derived,
  bound = () => () => Number.POSITIVE_INFINITY,
  stabilityLimit = (options) => decayingLimit(weightDecay(options)),
  ...own
}: Relative<S>): OptimizerDefinition<S> {
  const scalarCount = own.scalarNames?.length ?? 0;
  return {
    ...own,
    bound,
    stabilityLimit,
    cycled: 'beta1',
    stateNames: () => ['m', divisor],
    create(dim, options) {
      const scalars = new Float64Array(scalarCount).fill(1);
      return new Moments(dim, options.beta1 as number, scalars, step(options, scalars));
    },
    derived: (options) => {
      const mHat = (at: CoordinateAt) => at.m / (1 - at.beta ** at.t);
      return { mHat, direction: mHat, stepSize: (at) => at.lr, ...derived(options) };
    },
    decay: (lr, options) => weightDecay(options).decay(lr),
    l2: (options) => weightDecay(options).l2,
  };
}

/** The state of a relative, and the checks before its equation. */
class Moments implements Optimizer {
  readonly state: readonly Float64Array[];
  readonly scalars?: Float64Array;
  readonly #m: Float64Array;
  readonly #v: Float64Array;
  readonly #beta1: number;
  readonly #step: MomentStep;
  readonly #at: StepAtHand = { t: 0, lr: 0, beta1: 0 };

  constructor(dim: number, beta1: number, scalars: Float64Array, step: MomentStep) {
    this.#m = new Float64Array(dim);
    this.#v = new Float64Array(dim);
    this.state = [this.#m, this.#v];
    if (scalars.length > 0) this.scalars = scalars;
    this.#beta1 = beta1;
    this.#step = step;
  }

  step(params: Float64Array, grad: Float64Array, t: number, lr: number, beta1 = this.#beta1): void {
    checkStep(params, grad, this.#m.length, t);
    const at = this.#at;
    at.t = t;
    at.lr = lr;
    at.beta1 = beta1;
    this.#step(params, grad, this.#m, this.#v, at);
  }
}

/** Adam's stability limit where weights decay. */
export function decayingLimit({ decay }: WeightDecay): (at: StepAt) => number {
  return (at) => adamStabilityLimit(at, decay(at.lr));
}
