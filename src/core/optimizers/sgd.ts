import { atLeast, flag, fromBelow, number, type OptionsOf } from '../config/optionSpecs';
import { checkStep, type Optimizer, type OptimizerDefinition } from './optimizer';
import { ownGradient } from './weightDecay';

const sgdOptions = {
  lr: number(1e-3, atLeast(0), 'Learning rate: the step is lr times the gradient.'),
  momentum: number(
    0,
    fromBelow(0, 1),
    'Factor of the previous direction; 0 is gradient descent without momentum.',
  ),
  dampening: number(
    0,
    fromBelow(0, 1),
    'The new gradient enters the momentum buffer with the factor 1 − dampening.',
  ),
  nesterov: flag(false, 'Nesterov momentum. Needs momentum > 0 and dampening = 0.'),
  weightDecay: number(0, atLeast(0), 'L2 penalty, added to the gradient.'),
} as const;

type SgdOptions = OptionsOf<typeof sgdOptions>;

/**
 * SGD: stochastic gradient descent, with or without momentum.
 *
 *   g = grad + weightDecay · params
 *   b = momentum b + (1 − dampening) g         (at t = 1: b = g, without dampening)
 *   d = g + momentum b   if nesterov
 *     = b                if momentum ≠ 0
 *     = g                otherwise
 *   params −= lr d
 *
 * Source: Polyak (1964) for the heavy ball; Sutskever et al., ICML 2013, for Nesterov momentum in this form.
 * Variant: torch.optim.SGD. Difference from both sources, as in torch: lr multiplies the buffer, so a change
 * of lr takes effect at once.
 * Units: b and d have the unit of grad. lr has the unit of params/grad, weightDecay that of grad/params.
 * momentum and dampening are dimensionless.
 */
class Sgd implements Optimizer {
  readonly state: readonly Float64Array[];
  readonly #momentum: Float64Array | null;
  readonly #options: SgdOptions;
  readonly #dim: number;

  constructor(dim: number, options: SgdOptions) {
    this.#dim = dim;
    this.#momentum = options.momentum === 0 ? null : new Float64Array(dim);
    this.state = this.#momentum ? [this.#momentum] : [];
    this.#options = options;
  }

  step(
    params: Float64Array,
    grad: Float64Array,
    t: number,
    lr: number,
    momentum: number = this.#options.momentum,
  ): void {
    checkStep(params, grad, this.#dim, t);
    const { dampening, nesterov, weightDecay } = this.#options;
    const buffer = momentum === 0 ? null : this.#momentum;
    for (let i = 0; i < this.#dim; i++) {
      const theta = params[i]!;
      const g = grad[i]! + weightDecay * theta;
      let direction = g;
      if (buffer) {
        const b = t === 1 ? g : momentum * buffer[i]! + (1 - dampening) * g;
        buffer[i] = b;
        direction = nesterov ? g + momentum * b : b;
      }
      params[i] = theta - lr * direction;
    }
  }
}

export const sgd: OptimizerDefinition<typeof sgdOptions> = {
  title: 'SGD',
  doc: 'Gradient descent with optional momentum and Nesterov momentum. Steps are proportional to the gradient and have no bound.',
  effectiveLrFormula: 'lr',
  options: sgdOptions,
  cycled: 'momentum',
  conflict: ({ nesterov, momentum, dampening }) =>
    nesterov && (momentum === 0 || dampening !== 0)
      ? {
          option: 'nesterov',
          message: `nesterov needs momentum > 0 and dampening 0, got momentum ${momentum}, dampening ${dampening}`,
        }
      : null,
  stateNames: ({ momentum }) => (momentum === 0 ? [] : ['momentum']),
  create: (dim, options) => new Sgd(dim, options),
  derived: ({ nesterov, weightDecay }) => {
    const gradient = ownGradient(weightDecay);
    return {
      preconditioner: () => 1,
      stepSize: (at) => at.lr,
      direction: (at) => {
        if (at.beta === 0) return gradient(at);
        return nesterov ? gradient(at) + at.beta * at.momentum : at.momentum;
      },
    };
  },
  bound: () => () => Number.POSITIVE_INFINITY,
  /** 2 for gradient descent, 2(1+μ)/(1−dampening) for the heavy ball, 2(1+μ)/(1+2μ) for Nesterov momentum. */
  stabilityLimit:
    ({ dampening, nesterov }) =>
    ({ beta: mu }) =>
      mu === 0 ? 2 : (2 * (1 + mu)) / (nesterov ? 1 + 2 * mu : 1 - dampening),
  /** The sum of the geometric series μᵏ, times 1 − dampening. */
  accumulation:
    ({ dampening }) =>
    ({ beta: mu }) =>
      mu === 0 ? 1 : (1 - dampening) / (1 - mu),
  decay: () => 1,
  l2: ({ weightDecay }) => weightDecay,
};
