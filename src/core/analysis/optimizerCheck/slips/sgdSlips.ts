import type { MakeStep, Options } from '../stepper';
import { bug, type Slip } from './slip';

/** Gradient descent with momentum written out, with a place for every usual slip. */
export interface SgdText {
  /** The first buffer. */
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

/** The usual slips of momentum; without momentum there is little to slip on. */
export function sgdSlips(options: Options): Slip[] {
  const [mu, damping] = [options.momentum as number, options.dampening as number];
  if (mu === 0) return [];
  const text = sgdText(options);
  const make = (change: Partial<SgdText>) => sgdStep({ ...text, ...change }, options);
  return [
    bug(
      'first-step-dampened',
      'the first gradient is dampened too: torch’s buffer starts as the first gradient itself',
      make({ first: (g) => (1 - damping) * g }),
    ),
    bug(
      'momentum-averages',
      'the buffer is an average, momentum·b + (1 − momentum)·g: here it is momentum·b + (1 − dampening)·g',
      make({ first: (g) => (1 - mu) * g, next: (b, g) => mu * b + (1 - mu) * g }),
    ),
    bug(
      'momentum-averages-after-first',
      'the buffer averages, momentum·b + (1 − momentum)·g, from the second step on: the gradient has the factor 1 − dampening',
      make({ next: (b, g) => mu * b + (1 - mu) * g }),
    ),
    bug(
      'dampening-of-buffer',
      'dampening multiplies the buffer: it is the gradient that has the factor 1 − dampening',
      make({ next: (b, g) => mu * (1 - damping) * b + g }),
    ),
    bug(
      'dampening-inverted',
      'the gradient has the factor dampening: it is 1 − dampening',
      make({ next: (b, g) => mu * b + damping * g }),
    ),
    bug(
      'momentum-added',
      'the gradient counts twice: it is added to the buffer that holds it already',
      make({ direction: (g, b) => g + b }),
    ),
    options.nesterov
      ? bug(
          'nesterov-without-gradient',
          'the look-ahead of nesterov lacks the gradient: the direction is g + momentum·b',
          make({ direction: (_g, b) => mu * b }),
        )
      : bug(
          'buffer-of-last-step',
          'the step goes by the buffer of the step before: use the new one',
          make({ direction: (_g, _b, before) => before }),
        ),
  ];
}
