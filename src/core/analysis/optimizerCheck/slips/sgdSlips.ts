import type { MakeStep, Options } from '../stepper';
import { bug, type Slip } from './slip';

/**
 * The formula of gradient descent with momentum as parameters, so that each common error is a change of one
 * of them.
 */
export interface SgdText {
  /** The buffer after the first step. */
  readonly first: (g: number) => number;
  readonly next: (buffer: number, g: number) => number;
  readonly direction: (g: number, buffer: number, before: number) => number;
}

export function sgdText({ momentum, dampening, nesterov }: Options): SgdText {
  const [mu, damping] = [momentum as number, dampening as number];
  return {
    first: (g) => g,
    next: (buffer, g) => mu * buffer + (1 - damping) * g,
    direction: (g, buffer) => (nesterov ? g + mu * buffer : buffer),
  };
}

export function sgdStep(text: SgdText, { lr, weightDecay }: Options): MakeStep {
  return (dim) => {
    const buffer = new Float64Array(dim);
    return (params, grad, t) => {
      for (let i = 0; i < dim; i++) {
        const g = grad[i]! + (weightDecay as number) * params[i]!;
        const before = buffer[i]!;
        buffer[i] = t === 1 ? text.first(g) : text.next(before, g);
        params[i]! -= (lr as number) * text.direction(g, buffer[i]!, before);
      }
    };
  };
}

/** Common errors in momentum; none without momentum. */
export function sgdSlips(options: Options): Slip[] {
  const [mu, damping] = [options.momentum as number, options.dampening as number];
  if (mu === 0) return [];
  const text = sgdText(options);
  const make = (change: Partial<SgdText>) => sgdStep({ ...text, ...change }, options);
  return [
    bug(
      'first-step-dampened',
      'dampening is applied to the first gradient: the buffer must start as the first gradient',
      make({ first: (g) => (1 - damping) * g }),
    ),
    bug(
      'momentum-averages',
      'the buffer is an average, momentum·b + (1 − momentum)·g: use momentum·b + (1 − dampening)·g',
      make({ first: (g) => (1 - mu) * g, next: (b, g) => mu * b + (1 - mu) * g }),
    ),
    bug(
      'momentum-averages-after-first',
      'from the second step on the buffer is an average, momentum·b + (1 − momentum)·g: use momentum·b + (1 − dampening)·g',
      make({ next: (b, g) => mu * b + (1 - mu) * g }),
    ),
    bug(
      'dampening-of-buffer',
      'the factor 1 − dampening is applied to the buffer: apply it to the gradient',
      make({ next: (b, g) => mu * (1 - damping) * b + g }),
    ),
    bug(
      'dampening-inverted',
      'the gradient has the factor dampening: use 1 − dampening',
      make({ next: (b, g) => mu * b + damping * g }),
    ),
    bug(
      'momentum-subtracted',
      'the buffer is subtracted from the gradient, g − momentum·b: add it',
      make({ next: (b, g) => (1 - damping) * g - mu * b }),
    ),
    bug(
      'momentum-misplaced',
      'momentum multiplies the gradient instead of the buffer: use momentum·b + (1 − dampening)·g',
      make({ first: (g) => mu * g, next: (b, g) => b + mu * g }),
    ),
    bug(
      'momentum-added',
      'the gradient is counted twice: it is added to the buffer that already contains it',
      make({ direction: (g, b) => g + b }),
    ),
    options.nesterov
      ? bug(
          'nesterov-without-gradient',
          'the gradient is missing in the Nesterov direction: use g + momentum·b',
          make({ direction: (_g, b) => mu * b }),
        )
      : bug(
          'buffer-of-last-step',
          'the step uses the buffer of the previous step: use the new one',
          make({ direction: (_g, _b, before) => before }),
        ),
  ];
}
