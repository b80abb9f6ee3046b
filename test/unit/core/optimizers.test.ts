import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import { dialectsOf } from '../../../src/core/optimizers/dialects';
import { type OptimizerName, optimizerNames, optimizers } from '../../../src/core/optimizers/registry';
import { adamStabilityLimit } from '../../../src/core/optimizers/stability';
import { analyticLosses, analyticObjective } from '../../support/losses';
import { completed, Driven, type Given } from '../../support/optimizers';
import { runPatch } from '../../support/run';

const cycle = (t: number) => 0.9 + 0.05 * Math.cos((2 * Math.PI * (t - 1)) / 30);

/** Every optimizer in every dialect, with default and other options. */
const settings: readonly (readonly [OptimizerName, Given])[] = optimizerNames.flatMap((name) =>
  dialectsOf(name).flatMap((dialect) =>
    variants(name, dialect).map((given): readonly [OptimizerName, Given] => [
      name,
      dialect === 'torch' ? given : { dialect, ...given },
    ]),
  ),
);

function variants(name: OptimizerName, dialect: string): readonly Given[] {
  const large = { eps: 0.05, weightDecay: 0.2 };
  switch (name) {
    case 'sgd':
      return [
        {},
        { momentum: 0.9, dampening: 0.3, weightDecay: 0.2 },
        { momentum: 0.9, nesterov: true, weightDecay: 0.2 },
      ];
    case 'adagrad':
      return [{}, { ...large, lrDecay: 0.1, initialAccumulatorValue: 0.3 }];
    case 'rmsprop':
      return [
        {},
        large,
        { ...large, centered: true },
        { ...large, momentum: 0.8 },
        { ...large, centered: true, momentum: 0.8 },
      ];
    case 'adam':
      if (dialect === 'tfjs') return [{}, { eps: 0.05, beta1: 0 }];
      return [{}, large, { ...large, amsgrad: true, beta2: 0.9 }];
    case 'adamw':
      return [{}, large, { ...large, amsgrad: true, beta2: 0.9 }];
    case 'radam':
      return [{}, { ...large, beta2: 0.8 }];
    default:
      return [{}, large];
  }
}

/** Calls `check` after each of 40 steps, for several seeds, with beta constant and cycled. */
function driven(
  [name, given]: readonly [OptimizerName, Given],
  check: (driven: Driven, at: ReturnType<Driven['step']>, replay: string) => void,
): void {
  const { cycled } = optimizers[name];
  const hasBuffer = cycled === 'momentum' ? 'momentum' in given : cycled !== null;
  for (let seed = 0; seed < 20; seed++) {
    const random = seededRandom(seed);
    const betaAt = seed % 2 === 1 && hasBuffer ? cycle : null;
    const one = new Driven(name, given, {
      start: random() - 0.5,
      lrAt: (t) => 0.1 / (1 + t / 10),
      betaAt,
    });
    for (let t = 1; t <= 40; t++) {
      const gradient = (random() - 0.4) * 10 ** (4 * random() - 2);
      check(one, one.step(gradient), `${name} ${JSON.stringify(given)}, seed ${seed}, t = ${t}`);
    }
  }
}

describe('the derived quantities of every optimizer, dialect and option set', () => {
  it.each(settings)('%s %o: −a P⁻¹ d is the update', (...setting) => {
    driven(setting, ({ definition, options }, at, replay) => {
      const { stepSize, preconditioner, direction } = definition.derived(options);
      const [a, p] = [stepSize(at), preconditioner(at)];
      const before = at.params - at.update;
      const predicted = -(a / p) * direction(at) - (1 - definition.decay(at.lr, options)) * before;
      // The roundings of the parameters and of the terms of the direction. The error of v − gAvg² is the same
      // on both sides.
      const parts = [at.grad, definition.l2(options) * before, at.m, at.momentum].map((x) =>
        Math.abs(x || 0),
      );
      const size =
        Math.abs(at.params) +
        Math.abs(before) +
        (a / p) * parts.reduce((sum, x) => sum + x) +
        Math.abs(predicted);
      const error = Math.abs(predicted - at.update);
      if (!(error <= 16 * 2 ** -52 * size)) expect.fail(`${replay}: ${predicted} for ${at.update}`);
    });
  });

  it.each(settings)('%s %o: epsPart is the part of P that eps adds', (name, given) => {
    if (!('eps' in optimizers[name].options)) return;
    const random = seededRandom(7);
    const betaAt = optimizers[name].cycled === 'beta1' ? cycle : null;
    // A tiny lr keeps everything else equal: both runs get the same gradients.
    const lr = 1e-300;
    const weightDecay = 'weightDecay' in given ? { weightDecay: 0 } : {};
    const withEps = new Driven(name, { ...given, ...weightDecay, eps: 0.25, lr }, { betaAt });
    const without = new Driven(name, { ...given, ...weightDecay, eps: 0, lr }, { betaAt });
    const { epsPart, preconditioner } = withEps.definition.derived(withEps.options);
    for (let t = 1; t <= 30; t++) {
      const gradient = random() - 0.3;
      const at = withEps.step(gradient);
      const pure = without.definition.derived(without.options).preconditioner(without.step(gradient));
      if (!epsPart) return expect(name).toBe('adamax');
      const added = preconditioner(at) - pure;
      // For AdaBelief, epsPart subtracts the accumulated eps from v, which loses about three digits.
      expect(Math.abs(epsPart(at) - added)).toBeLessThan(1e-11 * preconditioner(at));
    }
  });

  it.each(settings)('%s %o: continues in the same way after its state was restored', (name, given) => {
    const random = seededRandom(11);
    const one = new Driven(name, given, { start: 0.3 });
    for (let t = 1; t <= 20; t++) one.step(random() - 0.5);
    const copy = one.definition.create(1, one.options);
    copy.state.forEach((state, k) => {
      state.set(one.optimizer.state[k]!);
    });
    copy.scalars?.set(one.optimizer.scalars!);
    const params = one.params.slice();
    const gradient = random() - 0.5;
    copy.step(params, Float64Array.of(gradient), 21, one.options.lr as number);
    expect(params[0]).toBe(one.step(gradient).params);
  });

  it.each(settings)('%s %o: its state has the declared shape', (name, given) => {
    const definition = optimizers[name];
    const options = completed(name, given);
    const optimizer = definition.create(3, options);
    expect(optimizer.state.map(({ length }) => length)).toEqual(definition.stateNames(options).map(() => 3));
    expect(optimizer.scalars?.length ?? 0).toBe(definition.scalarNames?.length ?? 0);
    const vector = new Float64Array(3);
    expect(() => optimizer.step(vector, new Float64Array(2), 1, 0.1)).toThrow(RangeError);
    expect(() => optimizer.step(new Float64Array(4), vector, 1, 0.1)).toThrow(RangeError);
    expect(() => optimizer.step(vector, vector, 0, 0.1)).toThrow(RangeError);
  });

  it('mHat is the gradient and vHat its square, while the gradient is constant', () => {
    const still = settings.filter(([, given]) => !('weightDecay' in given));
    for (const [name, given] of still) {
      const one = new Driven(name, given);
      const { mHat, vHat } = one.definition.derived(one.options);
      for (let t = 1; t <= 50; t++) {
        const at = one.step(-3);
        // NAdam corrects with mu, while m decays with beta1, so mHat becomes a mean only in the long run.
        if (mHat && name !== 'nadam') expect(mHat(at), `mHat of ${name}, t = ${t}`).toBeCloseTo(-3, 12);
        if (!vHat || name === 'adabelief') continue;
        // Dozat's vHat is beta2 times the mean of the squares.
        const factor = name === 'nadam' && given.dialect === 'paper' ? 0.999 : 1;
        expect(vHat(at), `vHat of ${name} ${given.dialect}, t = ${t}`).toBeCloseTo(9 * factor, 11);
      }
    }
  });

  it('AMSGrad of the paper has neither, because it does not correct the bias', () => {
    const paper = optimizers.adam.derived(completed('adam', { amsgrad: true, dialect: 'paper' }));
    expect([paper.mHat, paper.vHat]).toEqual([undefined, undefined]);
  });

  it.each(settings)('%s %o: uncorrectedUpdate is the update with uncorrected m and v', (name, given) => {
    const one = new Driven(name, { ...given, lr: 0.1, weightDecay: 0 });
    const { uncorrectedUpdate } = one.definition.derived(one.options);
    if (!uncorrectedUpdate) return expect(['sgd', 'adagrad', 'rmsprop', 'signsgd']).toContain(name);
    const eps = one.options.eps as number;
    const beta2 = one.options.beta2 as number;
    const all = 2 / (1 - beta2) - 1;
    for (let t = 1; t <= 12; t++) {
      const at = one.step(-2 - (t % 3));
      const root = Math.sqrt(at.vMax ?? at.v);
      const rho = all - (2 * t * beta2 ** t) / (1 - beta2 ** t);
      const rect = Math.sqrt(((rho - 4) * (rho - 2) * all) / ((all - 4) * (all - 2) * rho));
      let wanted = -at.m / (root + eps);
      if (name === 'adamax') wanted = -at.m / at.u;
      if (name === 'radam') wanted = rho > 5 ? rect * wanted : -at.m;
      if (name === 'nadam') {
        const mu = (step: number) =>
          given.dialect === 'optax'
            ? 0.9
            : 0.9 * (1 - 0.5 * 0.96 ** (step * (one.options.momentumDecay as number)));
        const ahead = mu(t + 1) * at.m + (1 - mu(t)) * at.grad;
        wanted = -ahead / (root * (given.dialect === 'paper' ? Math.sqrt(beta2) : 1) + eps);
      }
      // About a dozen roundings.
      expect(Math.abs(uncorrectedUpdate(at) / (0.1 * wanted) - 1)).toBeLessThan(1e-14);
    }
  });
});

describe('defaults', () => {
  const adam = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0 };
  const wanted: { readonly [N in OptimizerName]: Given } = {
    adam: { ...adam, amsgrad: false, dialect: 'torch' },
    adamw: { ...adam, weightDecay: 0.01, amsgrad: false, dialect: 'torch' },
    sgd: { lr: 1e-3, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0 },
    adagrad: { lr: 0.01, lrDecay: 0, initialAccumulatorValue: 0, weightDecay: 0, eps: 1e-10 },
    rmsprop: { lr: 0.01, alpha: 0.99, eps: 1e-8, momentum: 0, centered: false, weightDecay: 0 },
    adamax: { ...adam, lr: 2e-3 },
    nadam: { ...adam, lr: 2e-3, momentumDecay: 4e-3, dialect: 'torch' },
    radam: adam,
    adabelief: { ...adam, eps: 1e-16 },
    signsgd: { lr: 1e-3, eps: 1e-8, weightDecay: 0 },
  };

  it.each(optimizerNames)('of %s are those of torch, or of its authors', (name) => {
    expect(completed(name)).toEqual(wanted[name]);
  });
});

describe('AdaBelief', () => {
  /** From the equations of the paper, as sums over the whole history. */
  function closedForm(gradients: readonly number[], beta1: number, beta2: number, eps: number) {
    const mean = (t: number) =>
      gradients.slice(0, t).reduce((sum, g, i) => sum + (1 - beta1) * beta1 ** (t - 1 - i) * g, 0);
    const t = gradients.length;
    const s = gradients.reduce(
      (sum, g, i) => sum + beta2 ** (t - 1 - i) * ((1 - beta2) * (g - mean(i + 1)) ** 2 + eps),
      0,
    );
    return { m: mean(t), s, step: mean(t) / (1 - beta1 ** t) / (Math.sqrt(s / (1 - beta2 ** t)) + eps) };
  }

  it.each([
    [0.9, 0.999, 1e-16],
    [0.8, 0.95, 1e-3],
    [0, 0.9, 1e-2],
  ])(
    'agrees with its paper, as sums over all gradients (beta1 %f, beta2 %f, eps %f)',
    (beta1, beta2, eps) => {
      const random = seededRandom(3);
      const gradients = Array.from({ length: 60 }, () => random() - 0.3);
      const weightDecay = 0.1;
      const lrAt = (t: number) => 0.05 / t;
      const one = new Driven('adabelief', { beta1, beta2, eps, weightDecay }, { start: 1, lrAt });
      let theta = 1;
      gradients.forEach((g, i) => {
        const t = i + 1;
        const { m, s, step } = closedForm(gradients.slice(0, t), beta1, beta2, eps);
        theta = (1 - lrAt(t) * weightDecay) * theta - lrAt(t) * step;
        const at = one.step(g);
        // Sums of 60 terms, each with about a dozen roundings.
        expect(Math.abs(at.m - m)).toBeLessThan(1e-13);
        expect(Math.abs(at.v / s - 1)).toBeLessThan(1e-12);
        expect(Math.abs(at.params - theta)).toBeLessThan(1e-12 * (1 + Math.abs(step)));
      });
    },
  );
});

describe('signSGD', () => {
  it.each<Given>([{}, { eps: 0 }, { eps: 0.3, weightDecay: 0.2 }])(
    'is bitwise equal to Adam without memory: %o',
    (given) => {
      const memoryless = new Driven('adam', { beta1: 0, beta2: 0, lr: 0.01, ...given }, { start: 0.7 });
      const sign = new Driven('signsgd', { lr: 0.01, ...given }, { start: 0.7 });
      const random = seededRandom(5);
      for (let t = 1; t <= 2000; t++) {
        const gradient = (random() - 0.5) * 10 ** (40 * random() - 20);
        expect(sign.step(gradient).params).toBe(memoryless.step(gradient).params);
      }
    },
  );
});

describe('with a beta that the schedule cycles', () => {
  const total = 40;
  const beta = (t: number) => cycle(t);

  it('NAdam computes mu_t and mu_(t+1) from the beta1 of step t, like torch', () => {
    const one = new Driven('nadam', { lr: 0.1, momentumDecay: 1 }, { betaAt: beta });
    const random = seededRandom(1);
    let [m, v, product, theta] = [0, 0, 1, 0];
    for (let t = 1; t <= total; t++) {
      const g = random() - 0.3;
      const mu = beta(t) * (1 - 0.5 * 0.96 ** t);
      const ahead = beta(t) * (1 - 0.5 * 0.96 ** (t + 1));
      product *= mu;
      m += (1 - beta(t)) * (g - m);
      v += (1 - 0.999) * (g * g - v);
      const denominator = Math.sqrt(v) / Math.sqrt(1 - 0.999 ** t) + 1e-8;
      theta -= ((0.1 * (1 - mu)) / (1 - product)) * (g / denominator);
      theta -= ((0.1 * ahead) / (1 - product * ahead)) * (m / denominator);
      const at = one.step(g);
      expect(Math.abs(at.params - theta)).toBeLessThan(1e-13);
      expect(at.muProduct / product).toBeCloseTo(1, 13);
    }
  });

  it.each<OptimizerName>(['adam', 'adamax', 'radam'])(
    '%s corrects the bias with the beta1 of the current step',
    (name) => {
      const one = new Driven(name, { lr: 0.1, beta2: 0.9 }, { betaAt: beta });
      const random = seededRandom(1);
      let m = 0;
      for (let t = 1; t <= total; t++) {
        const g = random() - 0.3;
        m += (1 - beta(t)) * (g - m);
        const at = one.step(g);
        const mHat = m / (1 - beta(t) ** t);
        const { preconditioner, stepSize } = one.definition.derived(one.options);
        expect(Math.abs(at.update + (stepSize(at) / preconditioner(at)) * mHat)).toBeLessThan(1e-13);
      }
    },
  );

  it.each(['rmsprop', 'sgd'] as const)('%s does not change its buffer at a step without momentum', (name) => {
    const betaAt = (t: number) => (t === 3 ? 0 : 0.9);
    const one = new Driven(name, { lr: 0.1 }, { betaAt });
    const before = one.steps([1, 2]).momentum;
    const at = one.step(5);
    expect(at.momentum).toBe(before);
    const { preconditioner } = one.definition.derived(one.options);
    expect(at.update).toBeCloseTo((-0.1 * 5) / preconditioner(at), 14);
  });
});

describe('runs with a known outcome', () => {
  const rosenbrock = analyticObjective('rosenbrock');
  const start = [-1.2, 1];

  it('Adam with an L2 penalty on Rosenbrock', async () => {
    const optimizer = { name: 'adam', lr: 0.01, weightDecay: 0.1 };
    const { final } = await runPatch(rosenbrock, start, { optimizer, steps: 1000 });
    expect(final.params[0]! / -0.0791096780032).toBeCloseTo(1, 11);
    expect(final.params[1]! / 0.00686447408512).toBeCloseTo(1, 11);
  });

  it('RMSprop on Rosenbrock, which oscillates: one different rounding changes two digits of the result', async () => {
    // The gradient in the order of operations of torch's automatic differentiation.
    const asTorch = {
      ...rosenbrock,
      valueAndGradient(params: Float64Array, grad: Float64Array) {
        const [x, y] = params as unknown as [number, number];
        const valley = 100 * 2 * (y - x * x);
        grad[0] = -(valley * 2 * x) - 2 * (1 - x);
        grad[1] = valley;
        return analyticLosses.rosenbrock.value(params);
      },
    };
    const optimizer = { name: 'rmsprop', lr: 0.01 };
    const { final } = await runPatch(asTorch, start, { optimizer, steps: 1000 });
    expect(final.params[0]! / 0.831175178677).toBeCloseTo(1, 11);
    expect(final.params[1]! / 0.699809606836).toBeCloseTo(1, 11);
  });

  it('RAdam jumps far away on Rosenbrock before its steps are rectified', async () => {
    const losses: number[] = [];
    let first = 0;
    await runPatch(
      rosenbrock,
      start,
      { optimizer: { name: 'radam', lr: 0.01 }, steps: 6 },
      {
        onStep({ t, loss, params }) {
          losses.push(loss);
          if (t === 1) first = params[0]!;
        },
      },
    );
    expect(first).toBeCloseTo(0.956, 3);
    expect(losses[5]! / 2.6e70).toBeCloseTo(1, 1);
    const tame = await runPatch(rosenbrock, start, {
      optimizer: { name: 'radam', lr: 0.001 },
      steps: 1000,
    });
    expect(tame.final.loss).toBeLessThan(5);
  });

  it('NAdam passes its own limit long before its loss jumps, and stays far below Adam’s limit', async () => {
    const losses: number[] = [];
    const values: number[] = [];
    const definition = optimizers.nadam;
    const options = completed('nadam', { lr: 0.02 });
    const limit = definition.stabilityLimit(options);
    let crossed = 0;
    await runPatch(
      rosenbrock,
      start,
      { optimizer: { name: 'nadam', lr: 0.02 }, steps: 2200 },
      {
        onStep({ t, loss, lr, before, state }) {
          losses.push(loss);
          const p = Array.from(state[1]!, (v) => Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
          values.push(lr * largestCurvature(before[0]!, before[1]!, p[0]!, p[1]!));
          if (t > 100 && crossed === 0 && values.at(-1)! > limit({ t, lr, beta: 0.9 })) crossed = t;
        },
      },
    );
    expect(Math.abs(crossed - 1819)).toBeLessThanOrEqual(1);
    const quiet = Math.min(...losses.slice(1900, 2020));
    const burst = losses.findIndex((loss, i) => i > 1900 && loss > 100 * quiet);
    expect(Math.abs(burst - 2040)).toBeLessThan(20);
    expect(Math.max(...values.slice(100))).toBeLessThan(adamStabilityLimit({ beta: 0.9 }));
  });

  /** The largest eigenvalue of P^(−1/2) H P^(−1/2), where H is the Hessian of Rosenbrock's function. */
  function largestCurvature(x: number, y: number, p: number, q: number): number {
    const xx = (1200 * x * x - 400 * y + 2) / p;
    const yy = 200 / q;
    const xy = (-400 * x) / Math.sqrt(p * q);
    return (xx + yy) / 2 + Math.hypot((xx - yy) / 2, xy);
  }

  it('x = [2, 4], sum of squares: Adam moves by lr in both coordinates', async () => {
    const losses: number[] = [];
    const points: number[][] = [];
    await runPatch(
      {
        dim: 2,
        gradientMode: 'provided',
        value: ([x, y]) => x! ** 2 + y! ** 2,
        valueAndGradient([x, y], grad) {
          grad.set([2 * x!, 2 * y!]);
          return x! ** 2 + y! ** 2;
        },
      },
      [2, 4],
      { optimizer: { name: 'adam', lr: 0.1, beta1: 0.8, beta2: 0.9 }, steps: 3 },
      {
        onStep({ loss, params }) {
          losses.push(loss);
          points.push([...params]);
        },
      },
    );
    expect(losses.map((loss) => Number(loss.toFixed(2)))).toEqual([20, 18.82, 17.68]);
    expect(points.slice(0, 2).map((point) => point.map((x) => Number(x.toFixed(3))))).toEqual([
      [1.9, 3.9],
      [1.8, 3.8],
    ]);
  });

  it('Adam on Rosenbrock at lr 0.1 passes 38 at a tiny loss, and then the loss rises', async () => {
    const losses: number[] = [];
    const values: number[] = [];
    await runPatch(
      rosenbrock,
      start,
      { optimizer: { name: 'adam', lr: 0.1 }, steps: 3000 },
      {
        onStep({ t, loss, before, state }) {
          losses.push(loss);
          const p = Array.from(state[1]!, (v) => Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
          values.push(0.1 * largestCurvature(before[0]!, before[1]!, p[0]!, p[1]!));
        },
      },
    );
    const quiet = losses.findIndex((loss) => loss < 1e-28);
    const crossed = values.findIndex((value, i) => i > 100 && value > 38);
    expect(Math.abs(quiet - 2620)).toBeLessThan(60);
    expect(Math.abs(crossed - 2631)).toBeLessThan(30);
    expect(Math.max(...losses.slice(2650))).toBeGreaterThan(0.1);
  });

  it.each([
    [0.99, true],
    [0.9, false],
  ])('x²/2 at lr 0.01, beta2 %f: passes 38: %s', async (beta2, crosses) => {
    const objective = {
      dim: 1,
      gradientMode: 'provided' as const,
      value: (params: ArrayLike<number>) => params[0]! ** 2 / 2,
      valueAndGradient(params: ArrayLike<number>, grad: Float64Array) {
        grad[0] = params[0]!;
        return params[0]! ** 2 / 2;
      },
    };
    let crossed = 0;
    await runPatch(
      objective,
      [1],
      { optimizer: { name: 'adam', lr: 0.01, beta2 }, steps: 20_000 },
      {
        onStep({ t, state }) {
          const p = Math.sqrt(state[1]![0]! / (1 - beta2 ** t)) + 1e-8;
          if (t > 30 && crossed === 0 && 0.01 / p > 38) crossed = t;
        },
      },
    );
    if (crosses) expect(Math.abs(crossed - 1578)).toBeLessThanOrEqual(2);
    else expect(crossed).toBe(0);
  });
});
