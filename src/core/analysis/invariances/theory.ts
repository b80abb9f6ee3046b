import type { OptionSpecs, OptionsOf } from '../../config/options';
import type { OptimizerName } from '../../optimizers/registry';

/** What theory says of an optimizer, apart from clipping, decay, rounding and eps. */
export interface Theory {
  /** Whether c·f makes the same path. A text says why it does not. */
  readonly ignoresScale: true | string;
  /** The power of 1/c by which eps counts more under c·f. */
  readonly epsPower: number;
  /** Whether a rotated loss makes the rotated path. */
  readonly followsRotation: boolean;
  /** abs(first step)/lr where the gradient is far above eps; null: it depends on the gradient. */
  readonly firstStep: number | null;
}

type Options = OptionsOf<OptionSpecs>;

const gradientStep: Theory = {
  ignoresScale: 'its steps are proportional to the gradient',
  epsPower: 1,
  followsRotation: true,
  firstStep: null,
};
const adaptive: Theory = { ignoresScale: true, epsPower: 1, followsRotation: false, firstStep: 1 };

/**
 * The first steps: with m = (1 − β1) g and v = (1 − β2) g² a corrected optimizer steps lr·sign(g). The others by their own
 * first step:
 *
 *   rmsprop     g/√((1−α)g²), centered g/√((1−α)g² − (1−α)²g²)
 *   nadam       (mu_2 (1−β1)/(1 − mu_1 mu_2) + 1)·sign(g); with the paper's m, which decays at mu_1, and its vHat
 *   adabelief   g/√(β1²g²), as m has come (1 − β1) of the way to g
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
    ignoresScale: 'its first steps, before v counts, are proportional to the gradient',
    firstStep: null,
  }),
  adagrad: ({ initialAccumulatorValue }) =>
    initialAccumulatorValue === 0
      ? adaptive
      : {
          ...adaptive,
          ignoresScale: 'its sum starts at a value that has the scale of no particular loss',
          firstStep: null,
        },
  rmsprop: ({ alpha, centered }) => ({
    ...adaptive,
    firstStep: 1 / Math.sqrt((1 - (alpha as number)) * (centered ? (alpha as number) : 1)),
  }),
  nadam: (options) => ({ ...adaptive, firstStep: nadamFirstStep(options) }),
};

function adamTheory({ beta1, beta2, amsgrad, dialect }: Options): Theory {
  // AMSGrad as in its paper corrects nothing.
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
