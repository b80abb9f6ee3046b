import type { MakeStep, Options } from '../stepper';
import { pools } from './pools';
import { bug, type Slip } from './slip';

/** The formula of AdaGrad as parameters, so that each common error is a change of one of them. */
export interface AdagradText {
  readonly squared: (g: number) => number;
  /** What replaces the summed quantity, if it is the same for all coordinates. */
  readonly pooled: ((squares: Float64Array) => number) | null;
  /** The sum that the step uses, from that of this step and of the step before. */
  readonly used: (sum: number, before: number) => number;
  readonly denominator: (sum: number, eps: number, t: number) => number;
  /** The divisor of lr. */
  readonly lrDivisor: (t: number) => number;
}

export function adagradText({ lrDecay }: Options): AdagradText {
  return {
    squared: (g) => g * g,
    pooled: null,
    used: (sum) => sum,
    denominator: (sum, eps) => Math.sqrt(sum) + eps,
    lrDivisor: (t) => 1 + (t - 1) * (lrDecay as number),
  };
}

export function adagradStep(text: AdagradText, options: Options): MakeStep {
  const { lr, eps, weightDecay, initialAccumulatorValue } = options;
  return (dim) => {
    const sum = new Float64Array(dim).fill(initialAccumulatorValue as number);
    return (params, grad, t) => {
      const gradients = grad.map((g, i) => g + (weightDecay as number) * params[i]!);
      const pooled = text.pooled?.(gradients.map((g) => g * g));
      for (let i = 0; i < dim; i++) {
        const g = gradients[i]!;
        const before = sum[i]!;
        sum[i]! += pooled ?? text.squared(g);
        const p = text.denominator(text.used(sum[i]!, before), eps as number, t);
        params[i]! -= (((lr as number) / text.lrDivisor(t)) * g) / p;
      }
    };
  };
}

export function adagradSlips(options: Options): Slip[] {
  const text = adagradText(options);
  const make = (change: Partial<AdagradText>) => adagradStep({ ...text, ...change }, options);
  const decay = options.lrDecay as number;
  return [
    bug('sum-of-abs', 'the sum adds abs(g) instead of g²', make({ squared: Math.abs })),
    bug('sum-of-g', 'the sum adds g instead of g²', make({ squared: (g) => g })),
    bug(
      'sum-of-last-step',
      'the step uses the sum of the previous step: update it before the step',
      make({ used: (_sum, before) => before }),
    ),
    ...pools.map(({ of, pool }) =>
      bug(
        'sum-for-all-coordinates',
        `the sum is one number for all coordinates, from ${of}: keep a sum for each coordinate`,
        make({ pooled: pool }),
      ),
    ),
    bug(
      'no-root',
      'the step is divided by the sum: the square root is missing',
      make({ denominator: (s, e) => s + e }),
    ),
    {
      code: 'eps-inside-root',
      says: 'eps is added inside the square root, as in Keras and optax; torch has √sum + eps',
      kind: 'form',
      make: make({ denominator: (s, e) => Math.sqrt(s + e) }),
    },
    bug(
      'sum-is-mean',
      'the sum is divided by t: AdaGrad uses the sum, not the mean',
      make({ denominator: (s, e, t) => Math.sqrt(s / t) + e }),
    ),
    ...(decay === 0
      ? []
      : [
          bug(
            'lr-decay-early',
            'lr is divided by 1 + t·lrDecay: divide it by 1 + (t − 1)·lrDecay',
            make({ lrDivisor: (t) => 1 + t * decay }),
          ),
          bug(
            'lr-decay-power',
            'lr is divided by (1 + lrDecay)^(t − 1): divide it by 1 + (t − 1)·lrDecay',
            make({ lrDivisor: (t) => (1 + decay) ** (t - 1) }),
          ),
        ]),
  ];
}
