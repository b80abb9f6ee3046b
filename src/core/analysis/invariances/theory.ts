import type { OptionSpecs, OptionsOf } from '../../config/optionSpecs';
import type { OptimizerName } from '../../optimizers/registry';

/** The invariances of an optimizer in theory, without clipping, weight decay, rounding and eps. */
export interface Theory {
  /** true if the path on c·f is the same; otherwise the reason why it is not. */
  readonly ignoresScale: true | string;
  /** eps has the same influence on c·f as eps·c^−epsPower has on f. */
  readonly epsPower: number;
  /** Whether the path on a rotated loss is the rotated path. */
  readonly followsRotation: boolean;
  /** abs(first step)/lr for gradients far above eps; null if it depends on the gradient. */
  readonly firstStep: number | null;
}

type Options = OptionsOf<OptionSpecs>;

const gradientStep: Theory = {
  ignoresScale: 'the steps are proportional to the gradient',
  epsPower: 1,
  followsRotation: true,
  firstStep: null,
};
const adaptive: Theory = { ignoresScale: true, epsPower: 1, followsRotation: false, firstStep: 1 };

/**
 * The first steps: with m = (1 − β1) g and v = (1 − β2) g², an optimizer with bias correction makes a step
 * lr·sign(g). The others, from their formulas at t = 1:
 *
 *   rmsprop     g/√((1−α)g²), centered g/√((1−α)g² − (1−α)²g²)
 *   nadam       (mu_2 (1−β1)/(1 − mu_1 mu_2) + 1)·sign(g); in the paper m decays at mu_1, and vHat differs
 *   adabelief   g/√(β1²g²), because m = (1 − β1) g
 *   adagrad     g/√(initial + g²): lr·sign(g) only if the sum starts at 0
 */
export const theories: { readonly [N in OptimizerName]: (options: Options) => Theory } = {
  sgd: () => gradientStep,
  adam: adamTheory,
  adamw: adamTheory,
  adamax: () => adaptive,
  adabelief: ({ beta1 }) => ({
    ...adaptive,
    epsPower: 2,
    firstStep: beta1 === 0 ? null : 1 / (beta1 as number),
  }),
  signsgd: () => adaptive,
  radam: () => ({
    ...adaptive,
    ignoresScale: 'RAdam’s first steps, which are not divided by √v, are proportional to the gradient',
    firstStep: null,
  }),
  adagrad: ({ initialAccumulatorValue }) =>
    initialAccumulatorValue === 0
      ? adaptive
      : {
          ...adaptive,
          ignoresScale: 'the initial value of the sum does not scale with the loss',
          firstStep: null,
        },
  rmsprop: ({ alpha, centered }) => ({
    ...adaptive,
    firstStep: 1 / Math.sqrt((1 - (alpha as number)) * (centered ? (alpha as number) : 1)),
  }),
  nadam: (options) => ({ ...adaptive, firstStep: nadamFirstStep(options) }),
};

function adamTheory({ beta1, beta2, amsgrad, dialect }: Options): Theory {
  // The AMSGrad of the paper has no bias correction.
  return amsgrad && dialect === 'paper'
    ? { ...adaptive, firstStep: (1 - (beta1 as number)) / Math.sqrt(1 - (beta2 as number)) }
    : adaptive;
}

function nadamFirstStep({ beta1, beta2, momentumDecay, dialect }: Options): number {
  const b = beta1 as number;
  const mu = (t: number) =>
    dialect === 'optax' ? b : b * (1 - 0.5 * 0.96 ** (t * (momentumDecay as number)));
  const mShare = 1 - (dialect === 'paper' ? mu(1) : b);
  // optax multiplies powers of beta1 where the others multiply mu; at t = 1 both are mu_1.
  const corrected = (mu(2) * mShare) / (1 - mu(1) * mu(2)) + 1;
  return dialect === 'paper' ? corrected / Math.sqrt(beta2 as number) : corrected;
}
