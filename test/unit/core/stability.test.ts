import { describe, expect, it } from 'vitest';
import type { CoordinateAt, StateName } from '../../../src/core/optimizers/optimizer';
import { type OptimizerName, optimizers } from '../../../src/core/optimizers/registry';
import { completed, type Given } from '../../support/optimizers';

/** theta and the gradient memory of the optimizer, which a step maps linearly while P is constant. */
type Point = readonly [theta: number, memory: number];

/** A step so late that the bias corrections have converged. */
const late = 1e6;
/** A value so small that P equals eps, which is 1, and its square is negligible. */
const small = 1e-30;

/** The values of the other states at which P is constant for gradients of almost 0. */
const settled = (beta2: number): Partial<Record<StateName, number>> => ({ v: 1 / (1 - beta2) });

interface Linear {
  /** One step of the real optimizer on ½ h theta², at step t. */
  step(from: Point, h: number, t?: number): Point;
  /** The curvature at which a·P⁻¹·H, including the penalty, equals this value. */
  curvature(value: number): number;
  readonly limit: number;
}

function linear(name: OptimizerName, given: Given, beta?: number, t = late): Linear {
  const definition = optimizers[name];
  const options = completed(name, { ...('eps' in definition.options && { eps: 1 }), lr: 0.1, ...given });
  const lr = options.lr as number;
  const states = definition.stateNames(options);
  const used = beta ?? (definition.cycled ? (options[definition.cycled] as number) : Number.NaN);
  const still = name === 'adabelief' ? settled(options.beta2 as number) : {};
  const memory = states.findIndex((state) => state === 'm' || state === 'momentum');

  function stepped([theta, m]: Point, h: number, at: number) {
    const optimizer = definition.create(1, options);
    states.forEach((state, k) => {
      optimizer.state[k]![0] = k === memory ? m : (still[state] ?? optimizer.state[k]![0]!);
    });
    optimizer.scalars?.fill(0);
    const params = Float64Array.of(theta);
    optimizer.step(params, Float64Array.of(h * theta), at, lr, beta);
    return { params: params[0]!, state: optimizer.state };
  }

  const { state } = stepped([small, small], 1, t);
  const known = Object.fromEntries(states.map((each, k) => [each, state[k]![0]!])) as unknown as CoordinateAt;
  const at: CoordinateAt = { ...known, t, lr, beta: used, grad: small, params: 0, update: 0, muProduct: 0 };
  const { stepSize, preconditioner } = definition.derived(options);
  const perCurvature = stepSize(at) / preconditioner(at);
  return {
    step(from, h, when = t) {
      const { params, state: after } = stepped(from, h, when);
      return [params, memory < 0 ? 0 : after[memory]![0]!];
    },
    curvature: (value) => value / perCurvature - definition.l2(options),
    limit: definition.stabilityLimit(options)({ t, lr, beta: used }),
  };
}

/** The spectral radius of the matrix of one step, whose columns come from the real step. */
function spectralRadius({ step }: Linear, h: number): number {
  const [a, c] = step([small, 0], h).map((x) => x / small) as [number, number];
  const [b, d] = step([0, small], h).map((x) => x / small) as [number, number];
  const half = (a + d) / 2;
  const determinant = a * d - b * c;
  const discriminant = half ** 2 - determinant;
  return discriminant < 0 ? Math.sqrt(determinant) : Math.abs(half) + Math.sqrt(discriminant);
}

/** Settings with a beta, if a schedule cycles it. */
const written: readonly (readonly [OptimizerName, Given, number?])[] = [
  ['sgd', {}],
  ['sgd', { weightDecay: 0.3 }],
  ['sgd', { momentum: 0.9 }],
  ['sgd', { momentum: 0.8, dampening: 0.3, weightDecay: 0.3 }],
  ['sgd', { momentum: 0.9, nesterov: true }],
  ['sgd', { momentum: 0.9 }, 0.85],
  ['adagrad', {}],
  ['adagrad', { lrDecay: 1e-6, weightDecay: 0.3 }],
  ['rmsprop', {}],
  ['rmsprop', { centered: true, momentum: 0.9, weightDecay: 0.3 }],
  ['rmsprop', { momentum: 0.9 }, 0.85],
  ...(['torch', 'optax', 'keras', 'paper'] as const).flatMap((dialect) => [
    ['adam', { dialect, weightDecay: 0.3 }] as const,
    ['adam', { dialect, amsgrad: true, beta2: 0.99 }, 0.85] as const,
    ['adamw', { dialect, weightDecay: 0.3 }] as const,
    ['nadam', { dialect, weightDecay: 0.3 }] as const,
    ['nadam', { dialect }, 0.85] as const,
  ]),
  ['adam', { dialect: 'tfjs', beta1: 0 }],
  ['adamax', { weightDecay: 0.3 }],
  ['adamax', {}, 0.85],
  ['radam', { weightDecay: 0.3 }],
  ['radam', {}, 0.85],
  ['adabelief', { weightDecay: 0.3 }],
  ['adabelief', {}, 0.85],
];

const cases = written.map(([name, given, beta]): [OptimizerName, Given, number | undefined] => [
  name,
  given,
  beta,
]);

describe('at the stability limit', () => {
  it.each(cases)('the step of %s %o has the spectral radius 1 (beta %s)', (name, given, beta) => {
    const system = linear(name, given, beta);
    // About ten roundings, amplified by 1/(1 − beta), the sensitivity of the eigenvalue −1 to them.
    expect(Math.abs(spectralRadius(system, system.curvature(system.limit)) - 1)).toBeLessThan(1e-12);
    expect(spectralRadius(system, system.curvature(1.001 * system.limit))).toBeGreaterThan(1.0001);
    for (let part = 0.05; part < 1; part += 0.05)
      expect(spectralRadius(system, system.curvature(part * system.limit))).toBeLessThan(1);
  });

  it.each(cases)('%s %o starts to grow above the limit (beta %s)', (name, given, beta) => {
    const system = linear(name, given, beta);
    const grownBy = (h: number) => {
      let point: Point = [small, 0];
      for (let i = 0; i < 4000; i++) point = system.step(point, h, late + i);
      return Math.abs(point[0]) / small;
    };
    expect(grownBy(system.curvature(0.99 * system.limit))).toBeLessThan(0.1);
    expect(grownBy(system.curvature(1.002 * system.limit))).toBeGreaterThan(10);
  });
});

describe('known values of the limit', () => {
  const at = { t: 1, lr: 0.1, beta: 0.9 };
  const limitOf = (name: OptimizerName, given: Given = {}) =>
    optimizers[name].stabilityLimit(completed(name, given));

  it('38 for Adam, less for AdamW, none for signSGD', () => {
    for (const name of ['adam', 'adamax', 'radam', 'adabelief'] as const)
      expect(limitOf(name)(at)).toBeCloseTo(38, 12);
    expect(limitOf('adamw', { weightDecay: 0.1 })(at)).toBeCloseTo((38 * (2 - 0.01)) / 2, 12);
    expect(limitOf('signsgd')(at)).toBe(Number.POSITIVE_INFINITY);
  });

  it('3.49 for NAdam at t = 1, 3.93 at t = 1000 and 13.57 in the limit; immediately if mu is constant', () => {
    const nadam = limitOf('nadam');
    expect(nadam(at)).toBeCloseTo(3.49, 2);
    expect(nadam({ ...at, t: 1000 })).toBeCloseTo(3.93, 2);
    expect(nadam({ ...at, t: late })).toBeCloseTo(13.57, 2);
    expect(limitOf('nadam', { dialect: 'optax' })(at)).toBeCloseTo(13.57, 2);
    expect(limitOf('nadam', { dialect: 'keras' })({ ...at, t: 200 })).toBeCloseTo(13.57, 1);
  });

  it.each(['torch', 'keras', 'paper'])(
    'NAdam has the spectral radius 1 at its limit also while mu grows, dialect %s',
    (dialect) => {
      const system = linear('nadam', { dialect }, undefined, dialect === 'keras' ? 40 : 1000);
      expect(Math.abs(spectralRadius(system, system.curvature(system.limit)) - 1)).toBeLessThan(1e-12);
    },
  );
});
