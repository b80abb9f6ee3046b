import { atLeast, flag, fromBelow, number, type OptionsOf } from '../config/optionSpecs';
import { type CoordinateAt, checkStep, type Optimizer, type OptimizerDefinition } from './optimizer';
import { ownGradient } from './weightDecay';

const rmspropOptions = {
  lr: number(
    1e-2,
    atLeast(0),
    'Learning rate: about the step of a coordinate whose gradients keep their size.',
  ),
  alpha: number(
    0.99,
    fromBelow(0, 1),
    'Decay rate of the second moment: a memory of about 1/(1 − alpha) steps.',
  ),
  eps: number(1e-8, atLeast(0), 'Added to sqrt(v): gradients far below it take smaller steps than lr.'),
  momentum: number(0, fromBelow(0, 1), 'Share of the last direction that is kept; 0: none.'),
  centered: flag(false, 'Divides by the deviation of the gradient: takes the square of its mean off v.'),
  weightDecay: number(0, atLeast(0), 'L2 penalty, added to the gradient (coupled: it is rescaled by v).'),
} as const;

type RmspropOptions = OptionsOf<typeof rmspropOptions>;

/**
 * RMSProp. Tieleman & Hinton, Coursera lecture 6.5 (2012); centered: Graves, arXiv:1308.0850; torch.optim.RMSprop.
 *
 *   g = grad + weightDecay · params
 *   v = alpha v + (1 − alpha) g²
 *   gAvg = alpha gAvg + (1 − alpha) g          if centered
 *   P = sqrt(v) + eps                          or sqrt(v − gAvg²) + eps if centered
 *   b = momentum b + g / P                     if momentum ≠ 0
 *   params −= lr b                             or lr g / P without momentum
 *
 * The start of v at 0 is not corrected, so that first steps are 1/sqrt(1 − alpha) times as large as later ones; hence
 * there is no vHat. Where gradients hardly vary, v − gAvg² rounds to either side of 0, and its root may be NaN: torch's
 * is too.
 *
 * Departures of others: optax (alpha 0.9), Keras (alpha 0.9, eps 1e-7) and tfjs (0.9) add eps inside the root; Keras and
 * tfjs put lr into the buffer, so that changing it acts late.
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
  doc: 'Tieleman & Hinton 2012. Divides the gradient by the root of the mean of its recent squares, without bias correction.',
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
      // The buffer holds gradients that earlier P have divided: times P it is a gradient again.
      direction: (at) => (at.beta === 0 ? gradient(at) : at.momentum * preconditioner(at)),
    };
  },
  /** Reached by one gradient after none, above all the first. */
  bound: ({ alpha, centered, momentum }) => {
    const bound = centered || momentum !== 0 ? Number.POSITIVE_INFINITY : 1 / Math.sqrt(1 - alpha);
    return () => bound;
  },
  /** The heavy ball's, undampened. */
  stabilityLimit:
    () =>
    ({ beta: mu }) =>
      2 * (1 + mu),
  decay: () => 1,
  l2: ({ weightDecay }) => weightDecay,
};
