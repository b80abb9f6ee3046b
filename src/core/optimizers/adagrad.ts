import { atLeast, number, type OptionsOf } from '../config/optionSpecs';
import { checkStep, type Optimizer, type OptimizerDefinition } from './optimizer';
import { ownGradient } from './weightDecay';

const adagradOptions = {
  lr: number(1e-2, atLeast(0), 'Learning rate: the length of the first step of a coordinate.'),
  lrDecay: number(0, atLeast(0), 'The learning rate is divided by 1 + (t − 1)·lrDecay.'),
  initialAccumulatorValue: number(
    0,
    atLeast(0),
    'Initial value of the sum of squares. Above 0, the first steps are shorter.',
  ),
  weightDecay: number(
    0,
    atLeast(0),
    'L2 penalty, added to the gradient (coupled: it is divided by sqrt(sum) too).',
  ),
  eps: number(
    1e-10,
    atLeast(0),
    'Added to sqrt(sum). Where sqrt(sum) is much smaller than eps, steps are shorter.',
  ),
} as const;

type AdagradOptions = OptionsOf<typeof adagradOptions>;

/**
 * Adagrad in its diagonal form: divides by the root of the sum of all squared gradients.
 *
 *   g = grad + weightDecay · params
 *   sum = sum + g²                             (from initialAccumulatorValue)
 *   params −= lr / (1 + (t − 1) lrDecay) · g / (sqrt(sum) + eps)
 *
 * Source: Duchi et al., JMLR 12 (2011).
 * Variant: torch.optim.Adagrad. The paper adds its delta to sqrt(sum) too, but has no lrDecay. optax and
 * Keras start the sum at 0.1 and add eps = 1e-7 inside the root; optax makes no step where the sum is 0. tfjs
 * starts the sum at 0.1 too. In a parameter group, torch ignores initial_accumulator_value; here it holds for the group.
 * Units: lr has the unit of params. eps has the unit of grad; sum and initialAccumulatorValue have its
 * square. weightDecay has the unit of grad/params. lrDecay is dimensionless.
 */
class Adagrad implements Optimizer {
  readonly state: readonly Float64Array[];
  readonly #sum: Float64Array;
  readonly #options: AdagradOptions;

  constructor(dim: number, options: AdagradOptions) {
    this.#sum = new Float64Array(dim).fill(options.initialAccumulatorValue);
    this.state = [this.#sum];
    this.#options = options;
  }

  step(params: Float64Array, grad: Float64Array, t: number, lr: number): void {
    const sum = this.#sum;
    checkStep(params, grad, sum.length, t);
    const { eps, weightDecay } = this.#options;
    const stepSize = lr / lrDivisor(this.#options, t);
    for (let i = 0; i < sum.length; i++) {
      const g = grad[i]! + weightDecay * params[i]!;
      const s = sum[i]! + g * g;
      sum[i] = s;
      params[i]! -= (stepSize * g) / (Math.sqrt(s) + eps);
    }
  }
}

function lrDivisor({ lrDecay }: AdagradOptions, t: number): number {
  return 1 + (t - 1) * lrDecay;
}

export const adagrad: OptimizerDefinition<typeof adagradOptions> = {
  title: 'Adagrad',
  doc: 'Duchi et al. 2011. Divides by the root of the sum of all squared gradients, so the effective learning rate never grows.',
  effectiveLrFormula: 'lr / (1 + (t − 1)·lrDecay) / (sqrt(sum) + eps)',
  options: adagradOptions,
  cycled: null,
  stateNames: () => ['sum'],
  create: (dim, options) => new Adagrad(dim, options),
  derived: (options) => ({
    preconditioner: (at) => Math.sqrt(at.sum) + options.eps,
    epsPart: () => options.eps,
    stepSize: (at) => at.lr / lrDivisor(options, at.t),
    direction: ownGradient(options.weightDecay),
  }),
  /** abs(g) ≤ sqrt(sum). They are equal if the initial value and all earlier gradients are 0. */
  bound: (options) => (t) => 1 / lrDivisor(options, t),
  stabilityLimit: () => () => 2,
  decay: () => 1,
  l2: ({ weightDecay }) => weightDecay,
};
