import { atLeast, number, type OptionsOf } from '../config/optionSpecs';
import { checkStep, type Optimizer, type OptimizerDefinition } from './optimizer';
import { ownGradient } from './weightDecay';

const signsgdOptions = {
  lr: number(1e-3, atLeast(0), 'Learning rate: the step length of every coordinate with a nonzero gradient.'),
  eps: number(
    1e-8,
    atLeast(0),
    'Added to abs(g). Where abs(g) is much smaller than eps, steps are shorter than lr.',
  ),
  weightDecay: number(
    0,
    atLeast(0),
    'L2 penalty, added to the gradient. It has an effect only where it changes the sign.',
  ),
} as const;

type SignsgdOptions = OptionsOf<typeof signsgdOptions>;

/**
 * signSGD, smoothed by eps: Adam with beta1 = beta2 = 0.
 *
 *   g = grad + weightDecay · params
 *   params −= lr g / (abs(g) + eps)
 *
 * Source: Bernstein et al., arXiv:1802.04434.
 * Variant: the sign function of the paper has the values 0 and ±1; here eps makes it continuous at 0, as in
 * Adam.
 * Units: lr has the unit of params, eps the unit of grad. weightDecay has the unit of grad/params.
 */
class Signsgd implements Optimizer {
  readonly state: readonly Float64Array[] = [];
  readonly #dim: number;
  readonly #options: SignsgdOptions;

  constructor(dim: number, options: SignsgdOptions) {
    this.#dim = dim;
    this.#options = options;
  }

  step(params: Float64Array, grad: Float64Array, t: number, lr: number): void {
    checkStep(params, grad, this.#dim, t);
    const { eps, weightDecay } = this.#options;
    for (let i = 0; i < this.#dim; i++) {
      const g = grad[i]! + weightDecay * params[i]!;
      params[i]! -= (lr * g) / (Math.abs(g) + eps);
    }
  }
}

export const signsgd: OptimizerDefinition<typeof signsgdOptions> = {
  title: 'signSGD',
  doc: 'Steps of length lr along the sign of the gradient: Adam with beta1 = beta2 = 0.',
  effectiveLrFormula: 'lr / (|g| + eps)',
  options: signsgdOptions,
  cycled: null,
  stateNames: () => [],
  create: (dim, options) => new Signsgd(dim, options),
  derived: ({ eps, weightDecay }) => {
    const gradient = ownGradient(weightDecay);
    return {
      preconditioner: (at) => Math.abs(gradient(at)) + eps,
      epsPart: () => eps,
      stepSize: (at) => at.lr,
      direction: gradient,
    };
  },
  bound: () => () => 1,
  // P is proportional to the gradient, so steps do not become shorter near a minimum, and a constant lr never
  // converges.
  stabilityLimit: () => () => Number.POSITIVE_INFINITY,
  decay: () => 1,
  l2: ({ weightDecay }) => weightDecay,
};
