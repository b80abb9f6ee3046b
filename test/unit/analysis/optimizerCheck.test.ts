import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/analysis/analysis';
import { checkOptimizerStep } from '../../../src/core/analysis/optimizerCheck/checkOptimizerStep';
import { optimizerCheckReport } from '../../../src/core/analysis/optimizerCheck/optimizerCheckReport';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { VectorKind } from '../../../src/core/ownOptimizer/userRun';
import { adamRule, adamStyles, freshOf, inPlace, rightSteps, type UserStep } from './support/userSteps';

type Patch = Readonly<Record<string, number | boolean | string>>;
const free = { went: () => true };
const { sqrt, abs, max } = Math;

function referenceOf(optimizer: Patch) {
  const { config, problems } = resolveConfig([{ optimizer }]);
  expect(problems).toEqual([]);
  return config.optimizer;
}

async function check(step: UserStep, optimizer: Patch, vectors?: VectorKind) {
  return checkOptimizerStep({
    fresh: freshOf(step),
    reference: referenceOf(optimizer),
    control: free,
    ...(vectors && { vectors }),
  });
}

/** Expects agreement in all steps, and a report that says so. */
async function expectAgreement(step: UserStep, optimizer: Patch, vectors?: VectorKind) {
  const result = await check(step, optimizer, vectors);
  expect(result.faults).toEqual([]);
  expect(result.departure).toBeNull();
  expect(result.bugs).toEqual([]);
  const report = optimizerCheckReport(result);
  const verdicts = report.tables.flatMap(({ rows }) =>
    rows.map(({ cells, verdict }) => `${cells[0]}: ${verdict}`),
  );
  expect(verdicts.filter((verdict) => verdict.endsWith(': fail'))).toEqual([]);
  expect(report.summary).toMatch(/^Your step equals .* up to rounding\.$/);
  expect(report.problem).toBeUndefined();
  return result;
}

describe('a correct step', () => {
  const options = { lr: 0.01, b1: 0.9, b2: 0.999, eps: 1e-8 };
  const others = { lr: 0.03, b1: 0.7, b2: 0.99, eps: 1e-6 };

  it.each(Object.keys(adamStyles(options)))('is recognized as adam, %s', async (style) => {
    await expectAgreement(adamStyles(options)[style]!, { name: 'adam', lr: 0.01 });
    const { lr, b1: beta1, b2: beta2, eps } = others;
    await expectAgreement(adamStyles(others)[style]!, { name: 'adam', lr, beta1, beta2, eps });
    // With betas near 1, 1 − beta^t is a difference of nearly equal numbers.
    const long = { lr: 0.01, b1: 0.99, b2: 0.9999999, eps: 1e-8 };
    await expectAgreement(adamStyles(long)[style]!, {
      name: 'adam',
      lr: 0.01,
      beta1: 0.99,
      beta2: 0.9999999,
    });
  });

  it.each(rightSteps)('is recognized as %s', async (_name, reference, step) => {
    // signsgd without eps divides 0 by 0, as its reference does.
    if (reference.eps === 0) expect((await check(step, reference)).departure).toBeNull();
    else await expectAgreement(step, reference);
  });

  it('may require typed arrays', async () => {
    const typed: UserStep = (params, grad, state, t) => {
      if (!(params instanceof Float64Array && grad instanceof Float64Array))
        throw new TypeError('typed arrays only');
      return adamStyles(options).returning!(params, grad, state, t);
    };
    await expectAgreement(typed, { name: 'adam', lr: 0.01 }, 'float64');
    expect((await check(typed, { name: 'adam', lr: 0.01 })).faults[0]).toMatchObject({
      code: 'throws',
      t: 1,
    });
  });
});

const ema = (s: Record<string, number>, name: string, beta: number, x: number) => {
  s[name] = beta * (s[name] ?? 0) + (1 - beta) * x;
  return s[name];
};
const [lr, b1, b2, eps] = [0.01, 0.8, 0.97, 1e-8];
const adam: Patch = { name: 'adam', lr, beta1: b1, beta2: b2 };
const adamw: Patch = { ...adam, name: 'adamw', weightDecay: 0.3 };
const amsgrad: Patch = { ...adam, amsgrad: true };
const heavy: Patch = { name: 'sgd', lr: 0.05, momentum: 0.8, dampening: 0.3 };
const nesterov: Patch = { name: 'sgd', lr: 0.05, momentum: 0.8, nesterov: true };
const rmsprop: Patch = { name: 'rmsprop', lr: 0.01, alpha: 0.95 };
const adagrad: Patch = { name: 'adagrad', lr: 0.1, lrDecay: 0.05 };

/** The correct formula of Adam. The wrong steps below change one part of it. */
const right = adamRule({ lr, b1, b2, eps });
/** m and v of this step. */
const moments = (s: Record<string, number>, g: number) =>
  [ema(s, 'm', b1, g), ema(s, 'v', b2, g * g)] as const;
const c1 = (t: number) => 1 - b1 ** t;
const c2 = (t: number) => 1 - b2 ** t;

/** The expected code, the reference, and the step of a user with this error. */
const wrongSteps: readonly (readonly [string | readonly string[], Patch, UserStep])[] = [
  [
    'no-bias-correction',
    adam,
    inPlace((p, g, s) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / (sqrt(v) + eps);
    }),
  ],
  [
    'no-bias-correction-m',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'no-bias-correction-v',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / (sqrt(v) + eps);
    }),
  ],
  [
    'correction-stored',
    adam,
    inPlace((p, g, s, t) => {
      moments(s, g);
      s.m! /= c1(t);
      s.v! /= c2(t);
      return p - (lr * s.m!) / (sqrt(s.v!) + eps);
    }),
  ],
  [
    'correction-without-root',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / (sqrt(v) / c2(t) + eps);
    }),
  ],
  [
    ['correction-without-power', 't-stuck'],
    adam,
    inPlace((p, g, s) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / (1 - b1) / (sqrt(v / (1 - b2)) + eps);
    }),
  ],
  [
    'correction-with-product',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / (1 - b1 * t) / (sqrt(v / (1 - b2 * t)) + eps);
    }),
  ],
  [
    'correction-of-the-other',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c2(t) / (sqrt(v / c1(t)) + eps);
    }),
  ],
  [
    'eps-inside-root',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / sqrt(v / c2(t) + eps);
    }),
  ],
  [
    'eps-inside-root-before-correction',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / (sqrt(v + eps) / sqrt(c2(t)));
    }),
  ],
  [
    'eps-before-correction',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - ((lr * sqrt(c2(t))) / c1(t)) * (m / (sqrt(v) + eps));
    }),
  ],
  [
    'no-eps',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / sqrt(v / c2(t));
    }),
  ],
  ['other-eps', adam, inPlace(adamRule({ lr, b1, b2, eps: 1e-7 }))],
  [
    'no-root',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / (v / c2(t) + eps);
    }),
  ],
  ['t-from-0', adam, inPlace((p, g, s, t) => right(p, g, s, t - 1))],
  ['t-one-ahead', adam, inPlace((p, g, s, t) => right(p, g, s, t + 1))],
  [
    ['correction-without-power', 't-stuck'],
    adam,
    (params, grad, state) => {
      const t = 1;
      return inPlace(right)(params, grad, state, t);
    },
  ],
  [
    't-per-coordinate',
    adam,
    (params, grad, state) => {
      state.t ??= 0;
      for (let i = 0; i < params.length; i++) {
        state.t = (state.t as number) + 1;
        state[i] ??= {};
        params[i] = right(params[i]!, grad[i]!, state[i] as Record<string, number>, state.t as number);
      }
    },
  ],
  ['step-sign', adam, inPlace((p, g, s, t) => p + (p - right(p, g, s, t)))],
  ['betas-exchanged', adam, inPlace(adamRule({ lr, b1: b2, b2: b1, eps }))],
  ['beta1-twice', adam, inPlace(adamRule({ lr, b1, b2: b1, eps }))],
  [
    ['m-without-gain', 'other-lr'],
    adam,
    inPlace((p, g, s, t) => {
      s.m = b1 * (s.m ?? 0) + g;
      const v = ema(s, 'v', b2, g * g);
      return p - (lr * s.m) / c1(t) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'v-without-gain',
    adam,
    inPlace((p, g, s, t) => {
      s.v = b2 * (s.v ?? 0) + g * g;
      return p - (lr * ema(s, 'm', b1, g)) / c1(t) / (sqrt(s.v / c2(t)) + eps);
    }),
  ],
  [
    'm-and-v-without-gain',
    adam,
    inPlace((p, g, s, t) => {
      s.m = b1 * (s.m ?? 0) + g;
      s.v = b2 * (s.v ?? 0) + g * g;
      return p - (lr * s.m) / c1(t) / (sqrt(s.v / c2(t)) + eps);
    }),
  ],
  [
    'betas-inverted',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = [ema(s, 'm', 1 - b1, g), ema(s, 'v', 1 - b2, g * g)];
      return p - (lr * m) / c1(t) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'v-of-abs',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = [ema(s, 'm', b1, g), ema(s, 'v', b2, abs(g))];
      return p - (lr * m) / c1(t) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'v-of-m',
    adam,
    inPlace((p, g, s, t) => {
      const m = ema(s, 'm', b1, g);
      return p - (lr * m) / c1(t) / (sqrt(ema(s, 'v', b2, m * m) / c2(t)) + eps);
    }),
  ],
  [
    'no-first-moment',
    adam,
    inPlace((p, g, s, t) => p - (lr * g) / (sqrt(ema(s, 'v', b2, g * g) / c2(t)) + eps)),
  ],
  ['state-forgotten', adam, inPlace((p, g, _s, t) => right(p, g, {}, t))],
  ['state-and-t-forgotten', adam, inPlace((p, g) => right(p, g, {}, 1))],
  [
    'state-shared',
    adam,
    (params, grad, state, t) => {
      for (let i = 0; i < params.length; i++)
        params[i] = right(params[i]!, grad[i]!, state as Record<string, number>, t);
    },
  ],
  ['lr-ignored', adam, inPlace(adamRule({ lr: 1, b1, b2, eps }))],
  ['other-lr', adam, inPlace(adamRule({ lr: 0.003, b1, b2, eps }))],
  ['betas-hard-coded', adam, inPlace(adamRule({ lr, b1: 0.9, b2: 0.999, eps }))],
  ['other-beta1', adam, inPlace(adamRule({ lr, b1: 0.9, b2, eps }))],
  ['other-beta2', adam, inPlace(adamRule({ lr, b1, b2: 0.999, eps }))],
  ['is-radam', { name: 'adam', lr: 0.01 }, rightSteps.find(([name]) => name === 'radam')![2]],

  [
    'corrections-multiplied',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m * c1(t)) / (sqrt(v * c2(t)) + eps);
    }),
  ],
  [
    'correction-multiplied-m',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m * c1(t)) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'correction-multiplied-v',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / (sqrt(v * c2(t)) + eps);
    }),
  ],
  [
    'correction-power-outside',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / (1 - b1) ** t / (sqrt(v / (1 - b2) ** t) + eps);
    }),
  ],
  [
    'correction-without-one',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / b1 ** t / (sqrt(v / b2 ** t) + eps);
    }),
  ],
  [
    'correction-of-xor',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / ((1 - b1) ^ t) / (sqrt(v / ((1 - b2) ^ t)) + eps);
    }),
  ],
  [
    'eps-outside-fraction',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / sqrt(v / c2(t)) + eps;
    }),
  ],
  [
    'v-for-all-coordinates',
    adam,
    (params, grad, state, t) => {
      state.v =
        b2 * ((state.v as number) ?? 0) +
        ((1 - b2) * Array.from(grad).reduce((a, x) => a + x * x, 0)) / grad.length;
      const v = state.v as number;
      inPlace((p, g, s) => p - (lr * ema(s, 'm', b1, g)) / c1(t) / (sqrt(v / c2(t)) + eps))(
        params,
        grad,
        state,
        t,
      );
    },
  ],
  [
    'v-for-all-coordinates',
    adam,
    (params, grad, state, t) => {
      state.v = b2 * ((state.v as number) ?? 0) + (1 - b2) * max(...Array.from(grad, (x) => x * x));
      const v = state.v as number;
      inPlace((p, g, s) => p - (lr * ema(s, 'm', b1, g)) / c1(t) / (sqrt(v / c2(t)) + eps))(
        params,
        grad,
        state,
        t,
      );
    },
  ],
  [
    'v-shared',
    adam,
    (params, grad, state, t) =>
      inPlace((p, g, s) => {
        state.v = b2 * ((state.v as number) ?? 0) + (1 - b2) * g * g;
        return p - (lr * ema(s, 'm', b1, g)) / c1(t) / (sqrt((state.v as number) / c2(t)) + eps);
      })(params, grad, state, t),
  ],
  [
    'm-and-v-are-one-array',
    adam,
    inPlace((p, g, s, t) => {
      s.m = b1 * (s.m ?? 0) + (1 - b1) * g;
      s.m = b2 * s.m + (1 - b2) * g * g;
      return p - (lr * s.m) / c1(t) / (sqrt(s.m / c2(t)) + eps);
    }),
  ],
  [
    'm-of-last-step',
    adam,
    inPlace((p, g, s, t) => {
      const before = s.m ?? 0;
      const [, v] = moments(s, g);
      return p - (lr * before) / c1(t) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'v-gain-of-beta1',
    adam,
    inPlace((p, g, s, t) => {
      s.v = b2 * (s.v ?? 0) + (1 - b1) * g * g;
      return p - (lr * ema(s, 'm', b1, g)) / c1(t) / (sqrt(s.v / c2(t)) + eps);
    }),
  ],
  [
    'v-of-double',
    adam,
    inPlace((p, g, s, t) => {
      const [m, v] = [ema(s, 'm', b1, g), ema(s, 'v', b2, g * 2)];
      return p - (lr * m) / c1(t) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'beta1-decays',
    adam,
    inPlace((p, g, s, t) => {
      const m = ema(s, 'm', b1 * (1 - 1e-8) ** (t - 1), g);
      return p - (lr * m) / c1(t) / (sqrt(ema(s, 'v', b2, g * g) / c2(t)) + eps);
    }),
  ],
  [
    'beta1-decays',
    adam,
    inPlace((p, g, s, t) => {
      const m = ema(s, 'm', b1 * 0.87 ** (t - 1), g);
      return p - (lr * m) / c1(t) / (sqrt(ema(s, 'v', b2, g * g) / c2(t)) + eps);
    }),
  ],
  [
    'beta1-decays',
    adam,
    inPlace((p, g, s, t) => {
      const beta = b1 / t;
      const m = ema(s, 'm', beta, g);
      s.all = (s.all ?? 1) * beta;
      return p - (lr * m) / (1 - s.all) / (sqrt(ema(s, 'v', b2, g * g) / c2(t)) + eps);
    }),
  ],
  [
    'betas-decay',
    adam,
    inPlace((p, g, s, t) => {
      const m = ema(s, 'm', b1 ** t, g);
      return p - (lr * m) / c1(t) / (sqrt(ema(s, 'v', b2 ** t, g * g) / c2(t)) + eps);
    }),
  ],
  ['lr-decays', adam, inPlace((p, g, s, t) => p - (p - right(p, g, s, t)) / sqrt(t))],
  ['lr-decays', adam, inPlace((p, g, s, t) => p - (p - right(p, g, s, t)) * 0.98 ** (t - 1))],
  ['lr-decays', adam, inPlace((p, g, s, t) => p - (p - right(p, g, s, t)) / (1 + 0.03 * (t - 1)))],
  ['t-twice', adam, inPlace((p, g, s, t) => right(p, g, s, 2 * t))],
  ['t-twice', adam, inPlace((p, g, s, t) => right(p, g, s, 2 * t - 1))],
  [
    't-per-coordinate',
    adam,
    (params, grad, state, t) => inPlace(right)(params, grad, state, params.length * t),
  ],
  ['gradient-clipped', adam, inPlace((p, g, s, t) => right(p, max(-1, Math.min(1, g)), s, t))],
  [
    'gradient-clipped',
    { name: 'sgd', lr: 0.05 },
    (params, grad) => {
      const norm = Math.hypot(...grad);
      return Array.from(params, (p, i) => p - 0.05 * grad[i]! * (norm > 1 ? 1 / norm : 1));
    },
  ],
  [
    'decay-in-m-only',
    { ...adam, weightDecay: 0.3 },
    inPlace((p, g, s, t) => {
      const [m, v] = [ema(s, 'm', b1, g + 0.3 * p), ema(s, 'v', b2, g * g)];
      return p - (lr * m) / c1(t) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'decay-divided',
    adamw,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      return p - (lr * (m / c1(t) + 0.3 * p)) / (sqrt(v / c2(t)) + eps);
    }),
  ],
  [
    'decay-doubled',
    { name: 'sgd', lr: 0.05, weightDecay: 0.2 },
    inPlace((p, g) => p - 0.05 * (g + 2 * 0.2 * p)),
  ],
  [
    'decay-of-sign',
    { name: 'sgd', lr: 0.05, weightDecay: 0.2 },
    inPlace((p, g) => p - 0.05 * (g + 0.2 * Math.sign(p))),
  ],
  [
    'momentum-subtracted',
    { name: 'sgd', lr: 0.05, momentum: 0.8 },
    inPlace((p, g, s) => {
      s.b = g - 0.8 * (s.b ?? 0);
      return p - 0.05 * s.b;
    }),
  ],
  [
    'v-for-all-coordinates',
    rmsprop,
    (params, grad, state) => {
      state.v =
        0.95 * ((state.v as number) ?? 0) +
        (0.05 * Array.from(grad).reduce((a, x) => a + x * x, 0)) / grad.length;
      return Array.from(params, (p, i) => p - (0.01 * grad[i]!) / (sqrt(state.v as number) + 1e-8));
    },
  ],

  [
    'amsgrad-of-corrected-v',
    amsgrad,
    inPlace((p, g, s, t) => {
      const [m, v] = moments(s, g);
      s.top = max(s.top ?? 0, v / c2(t));
      return p - (lr * m) / c1(t) / (sqrt(s.top) + eps);
    }),
  ],
  [
    'amsgrad-of-squares',
    amsgrad,
    inPlace((p, g, s, t) => {
      const [m] = moments(s, g);
      s.top = max(s.top ?? 0, g * g);
      return p - (lr * m) / c1(t) / (sqrt(s.top / c2(t)) + eps);
    }),
  ],
  [
    'amsgrad-forgets',
    amsgrad,
    inPlace((p, g, s, t) => {
      const before = s.v ?? 0;
      const [m, v] = moments(s, g);
      return p - (lr * m) / c1(t) / (sqrt(max(v, before) / c2(t)) + eps);
    }),
  ],
  [
    'amsgrad-in-v',
    amsgrad,
    inPlace((p, g, s, t) => {
      const before = s.v ?? 0;
      const [m, v] = moments(s, g);
      s.v = max(before, v);
      return p - (lr * m) / c1(t) / (sqrt(s.v / c2(t)) + eps);
    }),
  ],
  ['no-amsgrad', amsgrad, inPlace(right)],

  ['decay-coupled', adamw, inPlace((p, g, s, t) => right(p, g + 0.3 * p, s, t))],
  ['no-decay', adamw, inPlace(right)],
  ['decay-sign', adamw, inPlace((p, g, s, t) => right(p + lr * 0.3 * p, g, s, t))],
  ['decay-without-lr', adamw, inPlace((p, g, s, t) => right(p - 0.3 * p, g, s, t))],
  ['decay-after-step', adamw, inPlace((p, g, s, t) => right(p, g, s, t) * (1 - lr * 0.3))],
  ['step-sign', adamw, inPlace((p, g, s, t) => p * (1 - lr * 0.3) + (p - right(p, g, s, t)))],
  ['step-and-decay-sign', adamw, inPlace((p, g, s, t) => p + lr * 0.3 * p + (p - right(p, g, s, t)))],
  [
    'no-bias-correction',
    adamw,
    inPlace((p, g, s) => {
      const [m, v] = moments(s, g);
      return p - lr * (m / (sqrt(v) + eps) + 0.3 * p);
    }),
  ],
  [
    'decay-decoupled',
    { ...adam, weightDecay: 0.3 },
    inPlace((p, g, s, t) => right(p * (1 - lr * 0.3), g, s, t)),
  ],
  ['decay-sign', { ...adam, weightDecay: 0.3 }, inPlace((p, g, s, t) => right(p, g - 0.3 * p, s, t))],
  [
    'decay-times-lr',
    { ...adam, weightDecay: 0.3 },
    inPlace((p, g, s, t) => right(p, g + lr * 0.3 * p, s, t)),
  ],

  ['step-sign', { name: 'sgd', lr: 0.05 }, inPlace((p, g) => p + 0.05 * g)],
  ['lr-ignored', { name: 'sgd', lr: 0.05 }, inPlace((p, g) => p - g)],
  ['other-lr', { name: 'sgd', lr: 0.05 }, inPlace((p, g) => p - 0.5 * g)],
  ['decay-sign', { name: 'sgd', lr: 0.05, weightDecay: 0.2 }, inPlace((p, g) => p - 0.05 * (g - 0.2 * p))],
  ['no-decay', { name: 'sgd', lr: 0.05, weightDecay: 0.2 }, inPlace((p, g) => p - 0.05 * g)],
  [
    'decay-without-lr',
    { name: 'sgd', lr: 0.05, weightDecay: 0.2 },
    inPlace((p, g) => p - 0.2 * p - 0.05 * g),
  ],
  [
    'first-step-dampened',
    heavy,
    inPlace((p, g, s) => {
      s.b = 0.8 * (s.b ?? 0) + 0.7 * g;
      return p - 0.05 * s.b;
    }),
  ],
  [
    'other-dampening',
    heavy,
    inPlace((p, g, s) => {
      s.b = 0.8 * (s.b ?? 0) + g;
      return p - 0.05 * s.b;
    }),
  ],
  ['momentum-averages', heavy, inPlace((p, g, s) => p - 0.05 * ema(s, 'b', 0.8, g))],
  [
    'momentum-averages-after-first',
    heavy,
    inPlace((p, g, s, t) => {
      s.b = t === 1 ? g : 0.8 * s.b! + 0.2 * g;
      return p - 0.05 * s.b;
    }),
  ],
  [
    'dampening-inverted',
    heavy,
    inPlace((p, g, s, t) => {
      s.b = t === 1 ? g : 0.8 * s.b! + 0.3 * g;
      return p - 0.05 * s.b;
    }),
  ],
  [
    'dampening-of-buffer',
    heavy,
    inPlace((p, g, s) => {
      s.b = 0.8 * 0.7 * (s.b ?? 0) + g;
      return p - 0.05 * s.b;
    }),
  ],
  [
    'other-momentum',
    heavy,
    inPlace((p, g, s, t) => {
      s.b = t === 1 ? g : 0.9 * s.b! + 0.7 * g;
      return p - 0.05 * s.b;
    }),
  ],
  [['t-stuck', 'state-and-t-forgotten', 'no-momentum'], heavy, inPlace((p, g) => p - 0.05 * g)],
  [
    'buffer-of-last-step',
    heavy,
    inPlace((p, g, s, t) => {
      const before = s.b ?? 0;
      s.b = t === 1 ? g : 0.8 * before + 0.7 * g;
      return p - 0.05 * before;
    }),
  ],
  [
    'is-nesterov',
    { name: 'sgd', lr: 0.05, momentum: 0.8 },
    inPlace((p, g, s) => {
      s.b = 0.8 * (s.b ?? 0) + g;
      return p - 0.05 * (g + 0.8 * s.b);
    }),
  ],
  [
    'no-nesterov',
    nesterov,
    inPlace((p, g, s) => {
      s.b = 0.8 * (s.b ?? 0) + g;
      return p - 0.05 * s.b;
    }),
  ],
  [
    'nesterov-without-gradient',
    nesterov,
    inPlace((p, g, s) => {
      s.b = 0.8 * (s.b ?? 0) + g;
      return p - 0.05 * 0.8 * s.b;
    }),
  ],
  [
    'momentum-added',
    nesterov,
    inPlace((p, g, s) => {
      s.b = 0.8 * (s.b ?? 0) + g;
      return p - 0.05 * (g + s.b);
    }),
  ],

  ['eps-inside-root', rmsprop, inPlace((p, g, s) => p - (0.01 * g) / sqrt(ema(s, 'v', 0.95, g * g) + 1e-8))],
  ['no-root', rmsprop, inPlace((p, g, s) => p - (0.01 * g) / (ema(s, 'v', 0.95, g * g) + 1e-8))],
  ['no-eps', rmsprop, inPlace((p, g, s) => p - (0.01 * g) / sqrt(ema(s, 'v', 0.95, g * g)))],
  ['v-of-abs', rmsprop, inPlace((p, g, s) => p - (0.01 * g) / (sqrt(ema(s, 'v', 0.95, abs(g))) + 1e-8))],
  ['alpha-inverted', rmsprop, inPlace((p, g, s) => p - (0.01 * g) / (sqrt(ema(s, 'v', 0.05, g * g)) + 1e-8))],
  [
    'v-without-gain',
    rmsprop,
    inPlace((p, g, s) => {
      s.v = 0.95 * (s.v ?? 0) + g * g;
      return p - (0.01 * g) / (sqrt(s.v) + 1e-8);
    }),
  ],
  [
    'bias-corrected',
    rmsprop,
    inPlace((p, g, s, t) => p - (0.01 * g) / (sqrt(ema(s, 'v', 0.95, g * g) / (1 - 0.95 ** t)) + 1e-8)),
  ],
  ['other-alpha', rmsprop, inPlace((p, g, s) => p - (0.01 * g) / (sqrt(ema(s, 'v', 0.99, g * g)) + 1e-8))],
  ['state-forgotten', rmsprop, inPlace((p, g) => p - (0.01 * g) / (sqrt(0.05 * g * g) + 1e-8))],
  [
    'state-shared',
    rmsprop,
    (params, grad, state) => {
      for (const [i, g] of grad.entries())
        params[i]! -= (0.01 * g) / (sqrt(ema(state as Record<string, number>, 'v', 0.95, g * g)) + 1e-8);
    },
  ],
  [
    'no-centered',
    { ...rmsprop, centered: true },
    inPlace((p, g, s) => p - (0.01 * g) / (sqrt(ema(s, 'v', 0.95, g * g)) + 1e-8)),
  ],
  [
    'variance-sign',
    { ...rmsprop, centered: true },
    inPlace(
      (p, g, s) => p - (0.01 * g) / (sqrt(ema(s, 'v', 0.95, g * g) + ema(s, 'a', 0.95, g) ** 2) + 1e-8),
    ),
  ],
  [
    ['momentum-averages', 'other-lr'],
    { ...rmsprop, momentum: 0.6 },
    inPlace((p, g, s) => p - 0.01 * ema(s, 'b', 0.6, g / (sqrt(ema(s, 'v', 0.95, g * g)) + 1e-8))),
  ],
  [
    'momentum-of-gradients',
    { ...rmsprop, momentum: 0.6 },
    inPlace((p, g, s) => {
      s.b = 0.6 * (s.b ?? 0) + g;
      return p - (0.01 * s.b) / (sqrt(ema(s, 'v', 0.95, g * g)) + 1e-8);
    }),
  ],

  [
    'no-root',
    adagrad,
    inPlace((p, g, s, t) => {
      s.sum = (s.sum ?? 0) + g * g;
      return p - ((0.1 / (1 + (t - 1) * 0.05)) * g) / (s.sum + 1e-10);
    }),
  ],
  [
    'sum-of-abs',
    adagrad,
    inPlace((p, g, s, t) => {
      s.sum = (s.sum ?? 0) + abs(g);
      return p - ((0.1 / (1 + (t - 1) * 0.05)) * g) / (sqrt(s.sum) + 1e-10);
    }),
  ],
  [
    'eps-inside-root',
    adagrad,
    inPlace((p, g, s, t) => {
      s.sum = (s.sum ?? 0) + g * g;
      return p - ((0.1 / (1 + (t - 1) * 0.05)) * g) / sqrt(s.sum + 1e-10);
    }),
  ],
  [
    'lr-decay-early',
    adagrad,
    inPlace((p, g, s, t) => {
      s.sum = (s.sum ?? 0) + g * g;
      return p - ((0.1 / (1 + t * 0.05)) * g) / (sqrt(s.sum) + 1e-10);
    }),
  ],
  [
    ['other-lrDecay', 't-stuck'],
    adagrad,
    inPlace((p, g, s) => {
      s.sum = (s.sum ?? 0) + g * g;
      return p - (0.1 * g) / (sqrt(s.sum) + 1e-10);
    }),
  ],
  [
    'state-forgotten',
    adagrad,
    inPlace((p, g, _s, t) => p - ((0.1 / (1 + (t - 1) * 0.05)) * g) / (sqrt(g * g) + 1e-10)),
  ],
  [
    'sum-is-mean',
    adagrad,
    inPlace((p, g, s, t) => {
      s.sum = (s.sum ?? 0) + g * g;
      return p - ((0.1 / (1 + (t - 1) * 0.05)) * g) / (sqrt(s.sum / t) + 1e-10);
    }),
  ],
  [
    'other-initialAccumulatorValue',
    { ...adagrad, initialAccumulatorValue: 0.1 },
    inPlace((p, g, s, t) => {
      s.sum = (s.sum ?? 0) + g * g;
      return p - ((0.1 / (1 + (t - 1) * 0.05)) * g) / (sqrt(s.sum) + 1e-10);
    }),
  ],

  // Optimizers without a text of their own are tested with general errors.
  [
    'step-sign',
    { name: 'adamax', lr: 0.01 },
    (params, grad, state, t) => {
      const before = Array.from(params);
      rightSteps.find(([n]) => n === 'adamax')![2](params, grad, state, t);
      return before.map((p, i) => 2 * p - params[i]!);
    },
  ],
  [
    'state-shared',
    { name: 'radam', lr: 0.01 },
    (params, grad, state, t) => {
      const radam = rightSteps.find(([n]) => n === 'radam')![2];
      for (let i = 0; i < params.length; i++) {
        const one = [params[i]!];
        radam(one, [grad[i]!], state, t);
        params[i] = one[0]!;
      }
    },
  ],
  [
    'decay-coupled',
    { name: 'adabelief', lr: 0.01, weightDecay: 0.1, eps: 1e-8 },
    inPlace((p, grad, s, t) => {
      const g = grad + 0.1 * p;
      const m = ema(s, 'm', 0.9, g);
      s.s = 0.999 * (s.s ?? 0) + 0.001 * (g - m) ** 2 + 1e-8;
      return p - (0.01 * (m / (1 - 0.9 ** t))) / (sqrt(s.s / (1 - 0.999 ** t)) + 1e-8);
    }),
  ],
  [
    'dialect-optax',
    { name: 'nadam', lr: 0.01 },
    inPlace((p, g, s, t) => {
      const [m, v] = [ema(s, 'm', 0.9, g), ema(s, 'v', 0.999, g * g)];
      const mHat = (0.9 * m) / (1 - 0.9 ** (t + 1)) + (0.1 * g) / (1 - 0.9 ** t);
      return p - (0.01 * mHat) / (sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    }),
  ],
];

describe('a wrong step', () => {
  it.each(wrongSteps)('is reported as %s of %o', async (codes, reference, step) => {
    const result = await check(step, reference);
    const expected = typeof codes === 'string' ? [codes] : codes;
    expect(result.bugs.map(({ code }) => code).sort()).toEqual([...expected].sort());
    expect(result.departure).not.toBeNull();
    const { summary, tables, problem } = optimizerCheckReport(result);
    expect(problem).toBe(summary);
    expect(summary).toMatch(/differs from .* at step \d+, coordinate \d/);
    for (const { says } of result.bugs) expect(summary).toContain(says);
    expect(tables[0]!.rows.length).toBe(expected.length);
  });

  it('with two errors is located at its first departure', async () => {
    const result = await check(
      inPlace((p, g, s) => {
        const [m, v] = moments(s, g);
        return p - (0.7 * lr * m) / sqrt(v + eps);
      }),
      adam,
    );
    expect(result.bugs).toEqual([]);
    const { t, coordinate, sequence, own, reference, before } = result.departure!;
    expect([t, coordinate, sequence]).toEqual([1, 0, 'noise']);
    expect(own).not.toBe(reference);
    expect(before).toBe(0.7);
    expect(optimizerCheckReport(result).summary).toContain('No common error explains it');
  });

  it('whose error begins late is reported at that step', async () => {
    const result = await check(
      inPlace((p, g, s, t) => right(p, g, s, t) + (t === 17 ? 1e-9 : 0)),
      adam,
    );
    expect(result.departure).toMatchObject({ t: 17, coordinate: 0 });
    expect(result.bugs).toEqual([]);
  });
});

describe('a step that is wrong in a part of the coordinates', () => {
  /** The rule for the coordinates that are wrong, and the right one for the others. */
  const partly =
    (isWrong: (i: number) => boolean, wrong: Parameters<typeof inPlace>[0], correct = right): UserStep =>
    (params, grad, state, t) => {
      for (let i = 0; i < params.length; i++) {
        state[i] ??= {};
        const rule = isWrong(i) ? wrong : correct;
        params[i] = rule(params[i]!, grad[i]!, state[i] as Record<string, number>, t);
      }
    };
  const unsquared: Parameters<typeof inPlace>[0] = (p, g, s, t) => {
    const [m, v] = [ema(s, 'm', b1, g), ema(s, 'v', b2, abs(g))];
    return p - (lr * m) / c1(t) / (sqrt(v / c2(t)) + eps);
  };

  it.each<[string, readonly number[], Patch, UserStep]>([
    ['v-of-abs', [1], adam, partly((i) => i === 1, unsquared)],
    ['v-of-abs', [0, 2], adam, partly((i) => i % 2 === 0, unsquared)],
    [
      'coordinate-skipped',
      [2],
      adam,
      partly(
        (i) => i === 2,
        (p) => p,
      ),
    ],
    [
      'coordinate-skipped',
      [0],
      { name: 'sgd', lr: 0.05 },
      partly(
        (i) => i === 0,
        (p) => p,
        (p, g) => p - 0.05 * g,
      ),
    ],
    [
      'no-decay',
      [2],
      adamw,
      partly(
        (i) => i === 2,
        right,
        (p, g, s, t) => right(p - lr * 0.3 * p, g, s, t),
      ),
    ],
    [
      'no-bias-correction',
      [0],
      adam,
      partly(
        (i) => i === 0,
        (p, g, s) => {
          const [m, v] = moments(s, g);
          return p - (lr * m) / (sqrt(v) + eps);
        },
      ),
    ],
    ['other-lr', [1], adam, partly((i) => i === 1, adamRule({ lr: 0.003, b1, b2, eps }))],
  ])('is reported as %s in %j', async (code, coordinates, reference, step) => {
    const result = await check(step, reference);
    expect(result.bugs).toEqual([expect.objectContaining({ code, coordinates })]);
    expect(optimizerCheckReport(result).summary).toMatch(/in coordinates? \d( and \d)? only, /);
  });
});

describe('a step with two errors', () => {
  it.each<[string, Patch, UserStep]>([
    [
      'no-bias-correction+eps-inside-root',
      adam,
      inPlace((p, g, s) => {
        const [m, v] = moments(s, g);
        return p - (lr * m) / sqrt(v + eps);
      }),
    ],
    [
      'corrections-multiplied+v-of-abs',
      adam,
      inPlace((p, g, s, t) => {
        const [m, v] = [ema(s, 'm', b1, g), ema(s, 'v', b2, abs(g))];
        return p - (lr * m * c1(t)) / (sqrt(v * c2(t)) + eps);
      }),
    ],
  ])('is explained by both: %s', async (code, reference, step) => {
    const { bugs } = await check(step, reference);
    expect(bugs.map((found) => found.code)).toContain(code);
  });
});

describe('a difference without a known error', () => {
  const summaryOf = async (step: UserStep, reference: Patch) =>
    optimizerCheckReport(await check(step, reference)).summary;
  const odd: UserStep = (params, grad, state, t) => {
    state.m ??= Array.from(params, () => 0);
    state.v ??= Array.from(params, () => 0);
    const [m, v] = [state.m as number[], state.v as number[]];
    for (let i = 0; i < params.length; i++) {
      m[i] = b1 * m[i]! + (1 - b1) * grad[i]!;
      v[i] = b2 * v[i]! + (1 - b2) * grad[i]! ** 2 * (t === 3 && i === 1 ? 1.37 : 1);
      params[i]! -= (lr * m[i]!) / c1(t) / (sqrt(v[i]! / c2(t)) + eps);
    }
  };

  it('names the state that departs first, with step and coordinate', async () => {
    const summary = await summaryOf(odd, adam);
    expect(summary).toMatch(/The first quantity that differs is v: at step 3, coordinate 1, it is /);
    expect(summary).toContain('m agrees until then.');
  });

  it('names the update if the state agrees, or cannot be read', async () => {
    const scaled: UserStep = (params, grad, state, t) => {
      inPlace((p, g, s) => p + 1.3 * (right(p, g, s, t) - p) + 0.01 * (t % 3))(params, grad, state, t);
    };
    expect(await summaryOf(scaled, adam)).toMatch(
      /the update, while m and v agree: check the bias correction/,
    );
    let hidden: Record<string, unknown> = {};
    const closed: UserStep = (params, grad, _state, t) => {
      if (t === 1) hidden = {};
      return scaled(params, grad, hidden, t);
    };
    expect(await summaryOf(closed, adam)).toMatch(
      /is the update\. .*To have the state compared too, keep it in arrays/,
    );
  });

  it('folds every later failure under the first one', async () => {
    const { tables } = optimizerCheckReport(await check(odd, adam));
    const verdicts = tables.flatMap(({ rows }) => rows.map(({ verdict }) => verdict));
    expect(verdicts.filter((verdict) => verdict === 'fail')).toEqual(['fail']);
    expect(verdicts).toContain('follows');
  });
});

describe('an invalid step', () => {
  const good = inPlace(right);

  it.each<[string, UserStep, object, RegExp]>([
    [
      'throws',
      (params, grad, state, t) => {
        if (t === 3) throw new Error('no such key');
        return good(params, grad, state, t);
      },
      { code: 'throws', t: 3 },
      /throws at step 3: no such key/,
    ],
    [
      'returns a promise',
      async (params, grad, state, t) => good(params, grad, state, t),
      { code: 'promise', t: 1 },
      /promise/,
    ],
    ['returns an object', (params) => ({ params }), { code: 'noVector', t: 1 }, /returns an object/],
    [
      'returns too few',
      (params) => Array.from(params).slice(1),
      { code: 'wrongLength', length: 2, dim: 3 },
      /2 parameters instead of 3/,
    ],
    [
      'pushes',
      (params) => {
        (params as number[]).push(1);
      },
      { code: 'wrongLength', length: 4 },
      /4 parameters instead of 3/,
    ],
    [
      'returns what is no number',
      (params) => Array.from(params, String),
      { code: 'noNumber', coordinate: 0, found: 'string' },
      /parameter 0 to a string/,
    ],
    [
      'leaves holes',
      (params) => new Array(params.length),
      { code: 'noNumber', found: 'undefined' },
      /undefined/,
    ],
    [
      'returns NaN',
      (params, grad, state, t) => {
        good(params, grad, state, t);
        if (t === 5) params[1] = Number.NaN;
      },
      { code: 'notFinite', t: 5, coordinate: 1 },
      /parameter 1 to NaN at step 5/,
    ],
    [
      'changes nothing',
      (params, grad, state, t) => {
        const copy = Array.from(params);
        good(copy, grad, state, t);
      },
      { code: 'unchanged' },
      /does not change the parameters/,
    ],
  ])('%s', async (_name, step, fault, text) => {
    const result = await check(step, adam);
    expect(result.faults).toContainEqual(expect.objectContaining(fault));
    const report = optimizerCheckReport(result);
    expect(report.summary).toMatch(text);
    expect(report.tables.flatMap(({ rows }) => rows).some(({ verdict }) => verdict === 'fail')).toBe(true);
  });

  it('is explained when the error is known that makes it NaN', async () => {
    const result = await check(
      inPlace((p, g, s, t) => right(p, g, s, t - 1)),
      adam,
    );
    expect(result.faults).toContainEqual(expect.objectContaining({ code: 'notFinite', t: 1 }));
    expect(result.bugs.map(({ code }) => code)).toEqual(['t-from-0']);
  });

  it('is reported when it modifies the gradient, even if its path is correct', async () => {
    const reference = { ...adam, weightDecay: 0.3 };
    const result = await check((params, grad, state, t) => {
      for (let i = 0; i < grad.length; i++) grad[i]! += 0.3 * params[i]!;
      return good(params, grad, state, t);
    }, reference);
    expect(result.departure).toBeNull();
    expect(result.faults).toEqual([{ code: 'changesGradient', t: 1, coordinate: 0 }]);
    expect(optimizerCheckReport(result).summary).toContain('modifies the gradient');
  });

  it('is reported when it keeps state outside of its argument', async () => {
    const outside: Record<string, unknown> = {};
    const forever: UserStep = (params, grad, _state, t) => good(params, grad, outside, t);
    const first = await check(forever, adam);
    expect(first.faults).toEqual([{ code: 'memoryOutside' }]);
    expect(first.departure).toBeNull();

    let memory: Record<string, unknown> = {};
    const tillNext: UserStep = (params, grad, _state, t) => {
      if (t === 1) memory = {};
      return good(params, grad, memory, t);
    };
    expect((await check(tillNext, adam)).faults).toEqual([{ code: 'memoryOutside' }]);

    let count = 0;
    const counting: UserStep = (params, grad, state) => good(params, grad, state, ++count);
    expect((await check(counting, adam)).faults).toEqual([{ code: 'memoryOutside' }]);

    // With another error, which the first run identifies.
    const shared: Record<string, unknown> = {};
    const both: UserStep = (params, grad, _state, t) =>
      inPlace((p, g, s) => {
        const [m, v] = moments(s, g);
        return p - (lr * m) / (sqrt(v) + eps);
      })(params, grad, shared, t);
    const result = await check(both, adam);
    expect(result.faults).toEqual([{ code: 'memoryOutside' }]);
    expect(result.bugs.map(({ code }) => code)).toEqual(['no-bias-correction']);
  });

  it('is reported when it uses random numbers', async () => {
    let seed = 1;
    const result = await check((params, grad, state, t) => {
      good(params, grad, state, t);
      seed = (seed * 16807) % 2147483647;
      params[0]! += (1e-3 * seed) / 2147483647;
    }, adam);
    expect(result.faults).toEqual([{ code: 'notDeterministic' }]);
    expect(result.bugs).toEqual([]);
  });
});

describe('the check of a step', () => {
  it('reports its progress, and can be cancelled', async () => {
    const told: [number, number][] = [];
    const fresh = freshOf(inPlace(right));
    const reference = referenceOf(adam);
    await checkOptimizerStep({
      fresh,
      reference,
      control: { went: (done, total) => told.push([done, total]) > 0 },
    });
    for (const [i, [done, total]] of told.entries()) {
      expect(done).toBeLessThan(total);
      if (i > 0) expect(done).toBeGreaterThanOrEqual(told[i - 1]![0]);
    }
    let asked = 0;
    const control = { went: () => ++asked < 6 };
    await expect(checkOptimizerStep({ fresh, reference, control })).rejects.toBeInstanceOf(Cancelled);
  });

  it('also checks the invariances, of which those fail that the error breaks', async () => {
    const { invariances } = await check(
      inPlace((p, g, s, t) => {
        const [m, v] = moments(s, g);
        return p - (lr * m) / c1(t) / (v / c2(t) + eps);
      }),
      adam,
    );
    const failed = invariances!.checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
    expect(failed).toEqual(['scale up', 'scale down', 'first step']);
    // Without bias correction, the step still divides by the size of its gradients, but with a different
    // effect of eps.
    const uncorrected = await check(
      inPlace((p, g, s) => {
        return p - (lr * ema(s, 'm', 0.9, g)) / (sqrt(ema(s, 'v', 0.999, g * g)) + eps);
      }),
      { name: 'adam', lr },
    );
    const broken = uncorrected.invariances!.checks.filter(({ verdict }) => verdict === 'fail');
    expect(broken.map(({ name }) => name)).toEqual(['first step']);
  });
});
