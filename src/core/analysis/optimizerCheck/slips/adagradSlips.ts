import type { MakeStep, Options } from '../stepper';
import { bug, type Slip } from './slip';

/** The formula of AdaGrad as parameters, so that each common error is a change of one of them. */
export interface AdagradText {
  readonly squared: (g: number) => number;
  readonly denominator: (sum: number, eps: number, t: number) => number;
  /** The divisor of lr. */
  readonly lrDivisor: (t: number) => number;
}

export function adagradText({ lrDecay }: Options): AdagradText {
  return {
    squared: (g) => g * g,
    denominator: (sum, eps) => Math.sqrt(sum) + eps,
    lrDivisor: (t) => 1 + (t - 1) * (lrDecay as number),
  };
}

export function adagradStep(text: AdagradText, options: Options): MakeStep {
  const { lr, eps, weightDecay, initialAccumulatorValue } = options;
  return (dim) => {
    const sum = new Float64Array(dim).fill(initialAccumulatorValue as number);
    return (params, grad, t) => {
      for (let i = 0; i < dim; i++) {
        const g = grad[i]! + (weightDecay as number) * params[i]!;
        sum[i]! += text.squared(g);
        params[i]! -=
          (((lr as number) / text.lrDivisor(t)) * g) / text.denominator(sum[i]!, eps as number, t);
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
