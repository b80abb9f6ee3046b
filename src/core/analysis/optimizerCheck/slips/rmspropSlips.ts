import type { MakeStep, Options } from '../stepper';
import { pools } from './pools';
import { bug, type Slip } from './slip';

/** The formula of RMSProp as parameters, so that each common error is a change of one of them. */
export interface RmspropText {
  readonly gain: number;
  readonly keep: number;
  readonly squared: (g: number) => number;
  /** What replaces the averaged quantity, if it is the same for all coordinates. */
  readonly pooled: ((squares: Float64Array) => number) | null;
  /** v that the step uses, from that of this step and of the step before. */
  readonly used: (v: number, before: number) => number;
  readonly divisor: (t: number) => number;
  /** The quantity under the square root, from the mean of g² and the mean of g. */
  readonly variance: (v: number, mean: number) => number;
  readonly denominator: (variance: number, eps: number) => number;
  /** The next buffer, from the previous one and the scaled gradient. */
  readonly buffered: (buffer: number, scaled: number) => number;
  /** Whether the buffer accumulates unscaled gradients and is divided when it is used. */
  readonly buffersGradients: boolean;
}

export function rmspropText({ alpha, momentum, centered }: Options): RmspropText {
  const a = alpha as number;
  return {
    gain: 1 - a,
    keep: a,
    squared: (g) => g * g,
    pooled: null,
    used: (v) => v,
    divisor: () => 1,
    variance: (v, mean) => (centered ? v - mean * mean : v),
    denominator: (variance, eps) => Math.sqrt(variance) + eps,
    buffered: (buffer, scaled) => (momentum as number) * buffer + scaled,
    buffersGradients: false,
  };
}

export function rmspropStep(text: RmspropText, { lr, eps, alpha, weightDecay }: Options): MakeStep {
  const a = alpha as number;
  return (dim) => {
    const v = new Float64Array(dim);
    const mean = new Float64Array(dim);
    const buffer = new Float64Array(dim);
    return (params, grad, t) => {
      const gradients = grad.map((g, i) => g + (weightDecay as number) * params[i]!);
      const pooled = text.pooled?.(gradients.map((g) => g * g));
      for (let i = 0; i < dim; i++) {
        const g = gradients[i]!;
        const before = v[i]!;
        v[i] = text.keep * before + text.gain * (pooled ?? text.squared(g));
        mean[i] = a * mean[i]! + (1 - a) * g;
        const divisor = text.divisor(t);
        const p = text.denominator(
          text.variance(text.used(v[i]!, before) / divisor, mean[i]! / divisor),
          eps as number,
        );
        buffer[i] = text.buffered(buffer[i]!, text.buffersGradients ? g : g / p);
        params[i]! -= (lr as number) * (text.buffersGradients ? buffer[i]! / p : buffer[i]!);
      }
    };
  };
}

export function rmspropSlips(options: Options): Slip[] {
  const [a, mu] = [options.alpha as number, options.momentum as number];
  const text = rmspropText(options);
  const make = (change: Partial<RmspropText>) => rmspropStep({ ...text, ...change }, options);
  return [
    bug('v-without-gain', 'g² is added to v without the factor 1 − alpha', make({ gain: 1 })),
    bug('alpha-inverted', 'alpha and 1 − alpha are exchanged in v', make({ gain: a, keep: 1 - a })),
    bug('v-of-abs', 'v averages abs(g) instead of g²', make({ squared: Math.abs })),
    bug('v-of-g', 'v averages g instead of g²', make({ squared: (g) => g })),
    bug(
      'v-of-last-step',
      'the step uses v of the previous step: update v before the step',
      make({ used: (_v, before) => before }),
    ),
    ...pools.map(({ of, pool }) =>
      bug(
        'v-for-all-coordinates',
        `v is one number for all coordinates, from ${of}: keep a v for each coordinate`,
        make({ pooled: pool }),
      ),
    ),
    bug(
      'no-root',
      'the step is divided by v: the square root is missing',
      make({ denominator: (v, eps) => v + eps }),
    ),
    {
      code: 'eps-inside-root',
      says: 'eps is added inside the square root, as in Keras, optax and tfjs; torch has √v + eps',
      kind: 'form',
      make: make({ denominator: (v, eps) => Math.sqrt(v + eps) }),
    },
    bug(
      'bias-corrected',
      'the bias of v is corrected as in Adam: RMSProp has no bias correction',
      make({ divisor: (t) => 1 - a ** t }),
    ),
    ...(options.centered
      ? [
          bug(
            'variance-sign',
            'the square of the mean gradient is added to v: subtract it',
            make({ variance: (v, mean) => v + mean * mean }),
          ),
          bug(
            'mean-not-squared',
            'the mean gradient is subtracted from v without being squared',
            make({ variance: (v, mean) => v - mean }),
          ),
        ]
      : []),
    ...(mu === 0
      ? []
      : [
          bug(
            'momentum-averages',
            'the buffer is an average, momentum·b + (1 − momentum)·g/P: use momentum·b + g/P',
            make({ buffered: (b, scaled) => mu * b + (1 - mu) * scaled }),
          ),
          bug(
            'momentum-of-gradients',
            'the buffer accumulates gradients and is then divided by P: divide each gradient by P before adding it',
            make({ buffersGradients: true }),
          ),
        ]),
  ];
}
