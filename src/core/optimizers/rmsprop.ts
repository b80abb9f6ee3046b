import { atLeast, flag, fromBelow, number, type OptionsOf } from '../config/optionSpecs';
import { type CoordinateAt, checkStep, type Optimizer, type OptimizerDefinition } from './optimizer';
import { ownGradient } from './weightDecay';

const rmspropOptions = {
  lr: number(
    1e-2,
    atLeast(0),
    'Learning rate: about the step length of a coordinate whose gradients keep their size.',
  ),
  alpha: number(
    0.99,
    fromBelow(0, 1),
    'Decay rate of the second moment, which averages about 1/(1 − alpha) squared gradients.',
  ),
  eps: number(
    1e-8,
    atLeast(0),
    'Added to sqrt(v). Where sqrt(v) is much smaller than eps, steps are shorter than lr.',
  ),
  momentum: number(0, fromBelow(0, 1), 'Factor of the previous direction; 0: no momentum.'),
  centered: flag(
    false,
    'Divides by the standard deviation of the gradient: subtracts the square of its mean from v.',
  ),
  weightDecay: number(
    0,
    atLeast(0),
    'L2 penalty, added to the gradient (coupled: it is divided by sqrt(v) too).',
  ),
} as const;

type RmspropOptions = OptionsOf<typeof rmspropOptions>;

/**
 * RMSProp: divides the gradient by the root of a moving average of its squares.
 *
 *   g = grad + weightDecay · params
 *   v = alpha v + (1 − alpha) g²
 *   gAvg = alpha gAvg + (1 − alpha) g          if centered
 *   P = sqrt(v) + eps                          or sqrt(v − gAvg²) + eps if centered
 *   b = momentum b + g / P                     if momentum ≠ 0
 *   params −= lr b                             or lr g / P without momentum
 *
 * v has no bias correction, so there is no vHat, and the first steps are 1/sqrt(1 − alpha) times as long as
 * later ones. If gradients hardly vary, v − gAvg² may round to a negative number. Its root is NaN, as in
 * torch.
 *
 * Source: Tieleman & Hinton, Coursera lecture 6.5 (2012). Centered: Graves, arXiv:1308.0850.
 * Variant: torch.optim.RMSprop. optax (alpha 0.9), Keras (alpha 0.9, eps 1e-7) and tfjs (alpha 0.9) add eps
 * inside the root. Keras and tfjs multiply by lr inside the momentum buffer, so a change of lr takes effect
 * late.
 * Units: lr has the unit of params. gAvg, P and eps have the unit of grad, v its square. b is dimensionless.
 * weightDecay has the unit of grad/params.
 */
class Rmsprop implements Optimizer {
  readonly state: readonly Float64Array[];
  readonly #v: Float64Array;
  readonly #gAvg: Float64Array | null;
  readonly #momentum: Float64Array | null;
  readonly #options: RmspropOptions;

  constructor(dim: number, options: RmspropOptions) {
    this.#v = new Float64Array(dim);
    this.#gAvg = options.centered ? new Float64Array(dim) : null;
    this.#momentum = options.momentum === 0 ? null : new Float64Array(dim);
    this.state = [this.#v, this.#gAvg, this.#momentum].filter((state) => state !== null);
    this.#options = options;
  }

  step(
    params: Float64Array,
    grad: Float64Array,
    t: number,
    lr: number,
    momentum: number = this.#options.momentum,
  ): void {
    const v = this.#v;
    checkStep(params, grad, v.length, t);
    const { alpha, eps, weightDecay } = this.#options;
    const gAvg = this.#gAvg;
    const buffer = momentum === 0 ? null : this.#momentum;
    for (let i = 0; i < v.length; i++) {
      const g = grad[i]! + weightDecay * params[i]!;
      let vi = alpha * v[i]! + (1 - alpha) * g * g;
      v[i] = vi;
      if (gAvg) {
        const mean = alpha * gAvg[i]! + (1 - alpha) * g;
        gAvg[i] = mean;
        vi -= mean * mean;
      }
      const divisor = Math.sqrt(vi) + eps;
      if (buffer) {
        const b = momentum * buffer[i]! + g / divisor;
        buffer[i] = b;
        params[i]! -= lr * b;
      } else {
        params[i]! -= (lr * g) / divisor;
      }
    }
  }
}

export const rmsprop: OptimizerDefinition<typeof rmspropOptions> = {
  title: 'RMSprop',
  doc: 'Tieleman & Hinton 2012. Divides the gradient by the root mean square of recent gradients, without bias correction.',
  effectiveLrFormula: 'lr / (sqrt(v) + eps)',
  options: rmspropOptions,
  cycled: 'momentum',
  stateNames: ({ centered, momentum }) => [
    'v',
    ...(centered ? (['gAvg'] as const) : []),
    ...(momentum === 0 ? [] : (['momentum'] as const)),
  ],
  create: (dim, options) => new Rmsprop(dim, options),
  derived: ({ centered, eps, weightDecay }) => {
    const gradient = ownGradient(weightDecay);
    const preconditioner = (at: CoordinateAt) => Math.sqrt(centered ? at.v - at.gAvg * at.gAvg : at.v) + eps;
    return {
      preconditioner,
      epsPart: () => eps,
      stepSize: (at) => at.lr,
      // The buffer contains gradients divided by the P of earlier steps. Multiplied by P, it has the unit of
      // a gradient again.
      direction: (at) => (at.beta === 0 ? gradient(at) : at.momentum * preconditioner(at)),
    };
  },
  /** The supremum is reached by a gradient that follows only zero gradients, such as the first one. */
  bound: ({ alpha, centered, momentum }) => {
    const bound = centered || momentum !== 0 ? Number.POSITIVE_INFINITY : 1 / Math.sqrt(1 - alpha);
    return () => bound;
  },
  /** The limit of the heavy-ball method without dampening. Without momentum it is 2. */
  stabilityLimit:
    () =>
    ({ beta: mu }) =>
      2 * (1 + mu),
  accumulation:
    () =>
    ({ beta: mu }) =>
      1 / (1 - mu),
  decay: () => 1,
  l2: ({ weightDecay }) => weightDecay,
};
