import type { MakeInstance } from '../../../../src/core/ownOptimizer/ownOptimizer';

/** A function marked with `@optimizerStep`. */
export type UserStep = (
  params: number[] | Float64Array,
  grad: number[] | Float64Array,
  state: Record<string, unknown>,
  t: number,
) => unknown;

/** The step with a new state. */
export const freshOf = (step: UserStep) => async (): Promise<MakeInstance> => () => {
  const state = {};
  return { state, step: (params, grad, t) => step(params, grad, state, t) };
};

type Scratch = Record<string, number>;
type Rule = (theta: number, g: number, s: Scratch, t: number) => number;

/**
 * A step as a user writes it: a rule for one parameter, which keeps its state in a separate record per
 * parameter.
 */
export function inPlace(rule: Rule): UserStep {
  return (params, grad, state, t) => {
    for (let i = 0; i < params.length; i++) {
      state[i] ??= {};
      params[i] = rule(params[i]!, grad[i]!, state[i] as Scratch, t);
    }
  };
}

/** The same step, but it returns new parameters. */
export function returning(rule: Rule): UserStep {
  return (params, grad, state, t) => {
    state.scratch ??= Array.from(params, () => ({}));
    const scratch = state.scratch as Scratch[];
    return Array.from(params, (theta, i) => rule(theta, grad[i]!, scratch[i]!, t));
  };
}

const { sqrt, abs, max, sign } = Math;
/** The exponential moving average under this name; it starts at 0. */
const ema = (s: Scratch, name: string, beta: number, x: number) => {
  s[name] = beta * (s[name] ?? 0) + (1 - beta) * x;
  return s[name];
};

export interface AdamOptions {
  readonly lr: number;
  readonly b1: number;
  readonly b2: number;
  readonly eps: number;
}

/** Adam as in the paper. */
export const adamRule =
  ({ lr, b1, b2, eps }: AdamOptions): Rule =>
  (theta, g, s, t) => {
    const mHat = ema(s, 'm', b1, g) / (1 - b1 ** t);
    const vHat = ema(s, 'v', b2, g * g) / (1 - b2 ** t);
    return theta - (lr * mHat) / (sqrt(vHat) + eps);
  };

/** The same optimizer in different programming styles. */
export const adamStyles = (o: AdamOptions): Record<string, UserStep> => ({
  'in place': inPlace(adamRule(o)),
  returning: returning(adamRule(o)),
  'in the order of torch': inPlace((theta, g, s, t) => {
    s.m = (s.m ?? 0) + (g - (s.m ?? 0)) * (1 - o.b1);
    s.v = (s.v ?? 0) * o.b2 + g * g * (1 - o.b2);
    const denominator = sqrt(s.v) / sqrt(1 - o.b2 ** t) + o.eps;
    return theta + -(o.lr / (1 - o.b1 ** t)) * (s.m / denominator);
  }),
  'in the order of Keras': inPlace((theta, g, s, t) => {
    const alpha = (o.lr * sqrt(1 - o.b2 ** t)) / (1 - o.b1 ** t);
    s.m = (s.m ?? 0) + (g - (s.m ?? 0)) * (1 - o.b1);
    s.v = (s.v ?? 0) + (g ** 2 - (s.v ?? 0)) * (1 - o.b2);
    return theta - (s.m * alpha) / (sqrt(s.v) + o.eps * sqrt(1 - o.b2 ** t));
  }),
  'with powers that are multiplied up': (params, grad, state, t) => {
    if (t === 1)
      Object.assign(state, { p1: 1, p2: 1, m: grad.map(() => 0), v: new Float64Array(grad.length) });
    const { m, v } = state as { m: number[]; v: Float64Array };
    state.p1 = (state.p1 as number) * o.b1;
    state.p2 = (state.p2 as number) * o.b2;
    grad.forEach((g, i) => {
      m[i] = o.b1 * m[i]! + (1 - o.b1) * g;
      v[i] = o.b2 * v[i]! + (1 - o.b2) * g * g;
      params[i]! -=
        (o.lr * m[i]!) / (1 - (state.p1 as number)) / (sqrt(v[i]! / (1 - (state.p2 as number))) + o.eps);
    });
    return params;
  },
  'with a count of its own': (params, grad, state) => {
    state.t = ((state.t as number) ?? 0) + 1;
    const t = state.t as number;
    state.moments ??= new Map();
    const moments = state.moments as Map<number, Scratch>;
    for (const [i, g] of grad.entries()) {
      if (!moments.has(i)) moments.set(i, {});
      params[i] = adamRule(o)(params[i]!, g, moments.get(i)!, t);
    }
  },
});

/** Correct steps of the other optimizers. The options are constants in the code, as in a user's code. */
export const rightSteps: readonly (readonly [
  string,
  Readonly<Record<string, number | boolean | string>>,
  UserStep,
])[] = [
  [
    'adamw',
    { name: 'adamw', lr: 0.01, weightDecay: 0.2 },
    inPlace((theta, g, s, t) =>
      adamRule({ lr: 0.01, b1: 0.9, b2: 0.999, eps: 1e-8 })(theta - 0.01 * 0.2 * theta, g, s, t),
    ),
  ],
  [
    'adamw, decay taken off with the step',
    { name: 'adamw', lr: 0.01, weightDecay: 0.2 },
    inPlace((theta, g, s, t) => {
      const step = theta - adamRule({ lr: 0.01, b1: 0.9, b2: 0.999, eps: 1e-8 })(theta, g, s, t);
      return theta - step - 0.01 * 0.2 * theta;
    }),
  ],
  [
    'adam with L2',
    { name: 'adam', lr: 0.01, weightDecay: 0.2 },
    returning((theta, g, s, t) =>
      adamRule({ lr: 0.01, b1: 0.9, b2: 0.999, eps: 1e-8 })(theta, g + 0.2 * theta, s, t),
    ),
  ],
  [
    'adam with amsgrad',
    { name: 'adam', lr: 0.01, amsgrad: true, beta2: 0.9 },
    inPlace((theta, g, s, t) => {
      const m = ema(s, 'm', 0.9, g);
      s.top = max(s.top ?? 0, ema(s, 'v', 0.9, g * g));
      return theta - (0.01 / (1 - 0.9 ** t)) * (m / (sqrt(s.top / (1 - 0.9 ** t)) + 1e-8));
    }),
  ],
  [
    'adam as Keras has it',
    { name: 'adam', lr: 0.01, dialect: 'keras' },
    inPlace((theta, g, s, t) => {
      const alpha = (0.01 * sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
      return theta - (alpha * ema(s, 'm', 0.9, g)) / (sqrt(ema(s, 'v', 0.999, g * g)) + 1e-7);
    }),
  ],
  ['sgd', { name: 'sgd', lr: 0.05 }, inPlace((theta, g) => theta - 0.05 * g)],
  [
    'sgd with momentum, dampening and decay',
    { name: 'sgd', lr: 0.05, momentum: 0.8, dampening: 0.3, weightDecay: 0.1 },
    inPlace((theta, grad, s, t) => {
      const g = grad + 0.1 * theta;
      s.b = t === 1 ? g : 0.8 * s.b! + (1 - 0.3) * g;
      return theta - 0.05 * s.b;
    }),
  ],
  [
    'sgd with momentum, lr inside the velocity',
    { name: 'sgd', lr: 0.05, momentum: 0.8 },
    inPlace((theta, g, s) => {
      s.velocity = 0.8 * (s.velocity ?? 0) - 0.05 * g;
      return theta + s.velocity;
    }),
  ],
  [
    'nesterov',
    { name: 'sgd', lr: 0.05, momentum: 0.8, nesterov: true },
    returning((theta, g, s) => {
      s.b = 0.8 * (s.b ?? 0) + g;
      return theta - 0.05 * (g + 0.8 * s.b);
    }),
  ],
  [
    'rmsprop',
    { name: 'rmsprop', lr: 0.01 },
    inPlace((theta, g, s) => theta - (0.01 * g) / (sqrt(ema(s, 'v', 0.99, g ** 2)) + 1e-8)),
  ],
  [
    'rmsprop, centered, with momentum and decay',
    { name: 'rmsprop', lr: 0.01, alpha: 0.9, centered: true, momentum: 0.7, weightDecay: 0.1 },
    inPlace((theta, grad, s) => {
      const g = grad + 0.1 * theta;
      const v = ema(s, 'v', 0.9, g * g) - ema(s, 'mean', 0.9, g) ** 2;
      s.b = 0.7 * (s.b ?? 0) + g / (sqrt(v) + 1e-8);
      return theta - 0.01 * s.b;
    }),
  ],
  [
    'adagrad',
    { name: 'adagrad', lr: 0.1, lrDecay: 0.05, initialAccumulatorValue: 0.1, weightDecay: 0.01 },
    inPlace((theta, grad, s, t) => {
      const g = grad + 0.01 * theta;
      s.sum = (s.sum ?? 0.1) + g * g;
      return theta - ((0.1 / (1 + (t - 1) * 0.05)) * g) / (sqrt(s.sum) + 1e-10);
    }),
  ],
  [
    'adamax',
    { name: 'adamax', lr: 0.01 },
    inPlace((theta, g, s, t) => {
      s.u = max(0.999 * (s.u ?? 0), abs(g) + 1e-8);
      return theta - ((0.01 / (1 - 0.9 ** t)) * ema(s, 'm', 0.9, g)) / s.u;
    }),
  ],
  [
    'nadam',
    { name: 'nadam', lr: 0.01 },
    inPlace((theta, g, s, t) => {
      const mu = (k: number) => 0.9 * (1 - 0.5 * 0.96 ** (k * 0.004));
      s.product = (s.product ?? 1) * mu(t);
      const ahead = (mu(t + 1) * ema(s, 'm', 0.9, g)) / (1 - s.product * mu(t + 1));
      const mHat = ahead + ((1 - mu(t)) * g) / (1 - s.product);
      return theta - (0.01 * mHat) / (sqrt(ema(s, 'v', 0.999, g * g) / (1 - 0.999 ** t)) + 1e-8);
    }),
  ],
  [
    'radam',
    { name: 'radam', lr: 0.01 },
    inPlace((theta, g, s, t) => {
      const mHat = ema(s, 'm', 0.9, g) / (1 - 0.9 ** t);
      const v = ema(s, 'v', 0.999, g * g);
      const all = 2 / (1 - 0.999) - 1;
      const rho = all - (2 * t * 0.999 ** t) / (1 - 0.999 ** t);
      if (rho <= 5) return theta - 0.01 * mHat;
      const r = sqrt(((rho - 4) * (rho - 2) * all) / ((all - 4) * (all - 2) * rho));
      return theta - (0.01 * mHat * r * sqrt(1 - 0.999 ** t)) / (sqrt(v) + 1e-8);
    }),
  ],
  [
    'adabelief',
    { name: 'adabelief', lr: 0.01, weightDecay: 0.1 },
    inPlace((theta, g, s, t) => {
      const m = ema(s, 'm', 0.9, g);
      s.s = 0.999 * (s.s ?? 0) + 0.001 * (g - m) ** 2 + 1e-16;
      return (
        theta * (1 - 0.01 * 0.1) - (0.01 * (m / (1 - 0.9 ** t))) / (sqrt(s.s / (1 - 0.999 ** t)) + 1e-16)
      );
    }),
  ],
  [
    'signsgd',
    { name: 'signsgd', lr: 0.01, eps: 0 },
    inPlace((theta, g) => theta - 0.01 * (g === 0 ? Number.NaN : sign(g))),
  ],
];
