import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { rectification } from '../../../src/core/optimizers/radam';
import {
  isOptimizerName,
  type OptimizerName,
  optimizerNames,
  optimizers,
} from '../../../src/core/optimizers/registry';
import { completed, Driven, type Given } from '../../support/optimizers';

/** Two quantities that differ by about ten roundings. */
function expectSame(actual: number, wanted: number): void {
  expect(Math.abs(actual / wanted - 1), `${actual} against ${wanted}`).toBeLessThan(16 * 2 ** -52);
}

describe('the names of optimizers', () => {
  it('are those of the registry, and not those of Object.prototype', () => {
    for (const name of optimizerNames) expect(isOptimizerName(name)).toBe(true);
    for (const name of ['Adam', '', 'toString', 'constructor', '__proto__'])
      expect(isOptimizerName(name)).toBe(false);
  });
});

describe('the vectors of an optimizer', () => {
  it.each([1, 3, 5000])('have the dimension of the optimizer and contain zeros: %i', (dim) => {
    for (const name of optimizerNames) {
      const optimizer = optimizers[name].create(dim, completed(name));
      if (optimizer.vector) expect(optimizer.vector()).toEqual(new Float64Array(dim));
    }
    expect(optimizers.adam.create(dim, completed('adam')).vector).toBeDefined();
  });
});

describe('bias correction of the moments', () => {
  it.each<[Given, boolean]>([
    [{}, true],
    [{ amsgrad: true }, true],
    [{ dialect: 'paper' }, true],
    [{ dialect: 'optax', amsgrad: true }, true],
    [{ dialect: 'paper', amsgrad: true }, false],
  ])('Adam %o: %s', (given, isCorrected) => {
    const { mHat, vHat } = optimizers.adam.derived(completed('adam', given));
    expect([mHat !== undefined, vHat !== undefined]).toEqual([isCorrected, isCorrected]);
  });
});

describe('bounds if v or u have no memory and beta1 is cycled', () => {
  it.each(['adam', 'adamax'] as const)('%s: 1 while only the last gradient counts, then infinite', (name) => {
    const betaAt = (t: number) => (t <= 2 ? [0.5, 0][t - 1]! : 0.5);
    const bound = optimizers[name].bound(completed(name, { beta2: 0 }), betaAt);
    expect([1, 2, 3].map(bound)).toEqual([1, 1, Number.POSITIVE_INFINITY]);
    expect([1, 2].map(optimizers[name].bound(completed(name, { beta2: 0 }), () => 0))).toEqual([1, 1]);
  });
});

describe('RAdam', () => {
  it('does not rectify while rho is exactly 5', () => {
    const rho = (beta2: number, t: number) => 2 / (1 - beta2) - 1 - (2 * t * beta2 ** t) / (1 - beta2 ** t);
    /** Values of beta2 at which rho_t = 5, found by bisection, and the adjacent numbers. */
    const candidates = (t: number) => {
      let [low, high] = [0.5, 0.9];
      for (let i = 0; i < 60; i++) {
        const middle = (low + high) / 2;
        if (rho(middle, t) < 5) low = middle;
        else high = middle;
      }
      return Array.from({ length: 17 }, (_, k) => low + (k - 8) * 2 ** -53);
    };
    const exact = [7, 9, 10, 11, 12, 14, 15].flatMap((t) =>
      candidates(t)
        .filter((beta2) => rho(beta2, t) === 5)
        .map((beta2) => [beta2, t] as const),
    );
    expect(exact.length).toBeGreaterThan(0);
    for (const [beta2, t] of exact) {
      expect(rectification(beta2)(t)).toBeNull();
      expect(rectification(beta2 + 1e-12)(t)).not.toBeNull();
    }
  });
});

describe('RMSprop, centered', () => {
  it('divides by the standard deviation of the gradient', () => {
    const one = new Driven('rmsprop', { centered: true, alpha: 0.5, eps: 0, lr: 0.1 });
    const at = one.steps([1, 3]);
    // v = 0.25 + 4.5 and gAvg = 0.25 + 1.5.
    const deviation = Math.sqrt(4.75 - 1.75 ** 2);
    expectSame(one.definition.derived(one.options).preconditioner(at), deviation);
    expect(Math.abs(at.update + (0.1 * 3) / deviation)).toBeLessThan(4 * 2 ** -52);
  });
});

describe('SGD', () => {
  it.each<[Given, boolean]>([
    [{ nesterov: true, momentum: 0.9 }, true],
    [{ nesterov: true, momentum: 0.9, dampening: 0.3 }, false],
    [{ nesterov: true, dampening: 0.3 }, false],
    [{ nesterov: true }, false],
    [{ momentum: 0.9, dampening: 0.3 }, true],
    [{ dampening: 0.3 }, true],
  ])('%o is allowed: %s', (given, isAllowed) => {
    const { problems } = resolveConfig([{ optimizer: { name: 'sgd', ...given } }]);
    expect(problems.map(({ path }) => path)).toEqual(isAllowed ? [] : [['optimizer', 'nesterov']]);
  });

  it('without momentum is gradient descent and stable up to 2, for any dampening', () => {
    for (const momentum of [0, 0.9]) {
      const one = new Driven('sgd', { dampening: 0.5, momentum }, { betaAt: () => 0 });
      const at = one.steps([1, 1]);
      expect(one.definition.stabilityLimit(one.options)(at)).toBe(2);
      expect(one.definition.derived(one.options).direction(at)).toBe(1);
    }
  });
});

describe('the coefficient of the L2 penalty', () => {
  const decoupled: readonly OptimizerName[] = ['adamw', 'adabelief'];

  it.each(optimizerNames)('of %s is weightDecay, or 0 if weight decay is decoupled', (name) => {
    const options = completed(name, { weightDecay: 0.25 });
    const isDecoupled = decoupled.includes(name);
    expect(optimizers[name].l2(options)).toBe(isDecoupled ? 0 : 0.25);
    expect(optimizers[name].decay(0.5, options)).toBe(isDecoupled ? 0.875 : 1);
  });
});
