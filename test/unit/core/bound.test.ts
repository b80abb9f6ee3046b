import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import { type OptimizerName, optimizers } from '../../../src/core/optimizers/registry';
import { completed, type Drive, Driven, type Given } from '../../support/optimizers';

/** A cycle of beta1, down and up, as in a one-cycle schedule. */
const cycle = (t: number) => 0.9 + 0.05 * Math.cos((2 * Math.PI * (t - 1)) / 40);

function boundOf(name: OptimizerName, given: Given = {}, betaAt: Drive['betaAt'] = null) {
  const { definition, options } = new Driven(name, given, { betaAt });
  return definition.bound(options, betaAt);
}

/**
 * The last step of a sequence of gradients, divided by lr and without decoupled decay. The tiny eps only
 * prevents 0/0.
 */
function lastStep(name: OptimizerName, given: Given, gradients: readonly number[], drive: Drive = {}) {
  const driven = new Driven(name, { eps: 1e-300, ...given, lr: 1 }, drive);
  const at = driven.steps(gradients);
  return Math.abs(at.update + (1 - driven.definition.decay(at.lr, driven.options)) * (at.params - at.update));
}

const sequence = (t: number, gradient: (i: number) => number) =>
  Array.from({ length: t }, (_, i) => gradient(i + 1));

/**
 * The case of equality in the Cauchy-Schwarz inequality: the gradients are proportional to the weights of m
 * divided by those of v.
 */
const adamWorst = (beta1: number, beta2: number, t: number) => sequence(t, (i) => (beta1 / beta2) ** (t - i));

/** The case of equality for a varying beta1. The weight of g_i in m is (1 − beta_i)·beta_{i+1} … beta_t. */
function cycledWorst(beta2: number, t: number): number[] {
  let later = 1;
  return sequence(t, (i) => i)
    .reverse()
    .map((i) => {
      const worst = ((1 - cycle(i)) * later) / beta2 ** (t - i);
      later *= cycle(i);
      return worst;
    })
    .reverse();
}

/**
 * Paths and bounds are computed from at most 100 gradients near 1: a hundred roundings of numbers up to 7.
 */
const rounding = 1e-12;

describe('the bound of Adam', () => {
  it('has its known values at the defaults', () => {
    const bound = boundOf('adam');
    expect(bound(1)).toBeCloseTo(1, 15);
    expect(bound(100)).toBeCloseTo(2.243, 3);
    expect(bound(1000)).toBeCloseTo(5.781, 3);
    expect(bound(1e7)).toBeCloseTo(7.27, 2);
  });

  it.each([
    [0.9, 0.999, 30],
    [0.9, 0.81, 30],
    [0.9, 0.5, 12],
    [0.1, 0.9, 10],
    [0.5, 0.25, 20],
    [0, 0.9, 7],
  ])(
    'is reached in the case of equality of Cauchy-Schwarz (beta1 %f, beta2 %f, t = %i)',
    (beta1, beta2, t) => {
      const worst = adamWorst(beta1, beta2, t);
      const bound = boundOf('adam', { beta1, beta2 })(t);
      expect(Math.abs(lastStep('adam', { beta1, beta2 }, worst) / bound - 1)).toBeLessThan(rounding);
      expect(Math.abs(lastStep('adamw', { beta1, beta2 }, worst) / bound - 1)).toBeLessThan(rounding);
    },
  );

  it.each(['torch', 'optax', 'keras', 'paper'])('is reached with AMSGrad, dialect %s', (dialect) => {
    for (const t of [1, 2, 30, 100]) {
      const given = { beta1: 0.9, beta2: 0.99, amsgrad: true, dialect };
      const step = lastStep('adam', given, adamWorst(0.9, 0.99, t));
      expect(Math.abs(step / boundOf('adam', given)(t) - 1)).toBeLessThan(rounding);
    }
  });

  it('without bias correction, starts at (1 − beta1)/√(1 − beta2) and has the same limit as with it', () => {
    const paper = boundOf('adam', { amsgrad: true, dialect: 'paper' });
    expect(paper(1)).toBeCloseTo(0.1 / Math.sqrt(0.001), 14);
    expect(paper(1e7) / boundOf('adam')(1e7)).toBeCloseTo(1, 12);
  });

  it.each([1, 2, 17, 60])('is reached for a cycled beta1, t = %i', (t) => {
    const bound = boundOf('adam', { beta2: 0.95 }, cycle)(t);
    const step = lastStep('adam', { beta2: 0.95 }, cycledWorst(0.95, t), { betaAt: cycle });
    expect(Math.abs(step / bound - 1)).toBeLessThan(rounding);
  });

  it('has the same value for a constant beta1 in both formulas', () => {
    for (const t of [1, 5, 1000]) {
      const still = boundOf('adam', {}, () => 0.9)(t);
      expect(Math.abs(still / boundOf('adam')(t) - 1)).toBeLessThan(rounding);
    }
  });

  it('is 1 or infinite if v has no memory', () => {
    expect(boundOf('adam', { beta1: 0, beta2: 0 })(5)).toBe(1);
    expect(boundOf('adam', { beta1: 0.9, beta2: 0 })(1)).toBeCloseTo(1, 15);
    expect(boundOf('adam', { beta1: 0.9, beta2: 0 })(2)).toBe(Number.POSITIVE_INFINITY);
    expect(boundOf('adam', { beta2: 0 }, () => 0.9)(2)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the bounds of the other optimizers', () => {
  it.each([
    [0.9, 0.999, 40],
    [0.9, 0.9, 15],
    [0.9, 0.5, 12],
    [0, 0.9, 5],
  ])(
    'Adamax: reached by gradients with equal weight in u (beta1 %f, beta2 %f, t = %i)',
    (beta1, beta2, t) => {
      const bound = boundOf('adamax', { beta1, beta2 })(t);
      const worst = sequence(t, (i) => beta2 ** (i - t));
      expect(Math.abs(lastStep('adamax', { beta1, beta2 }, worst) / bound - 1)).toBeLessThan(rounding);
    },
  );

  it.each([1, 2, 17, 60])('Adamax with a cycled beta1, t = %i', (t) => {
    const bound = boundOf('adamax', { beta2: 0.95 }, cycle)(t);
    const worst = sequence(t, (i) => 0.95 ** (i - t));
    const step = lastStep('adamax', { beta2: 0.95 }, worst, { betaAt: cycle });
    expect(Math.abs(step / bound - 1)).toBeLessThan(rounding);
  });

  it('Adamax: 1 or infinite if u has no memory', () => {
    expect(boundOf('adamax', { beta1: 0, beta2: 0 })(5)).toBe(1);
    expect(boundOf('adamax', { beta2: 0 })(1)).toBe(1);
    expect(boundOf('adamax', { beta2: 0 })(2)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([1, 9])('a single nonzero gradient, t = %i: Adagrad 1, RMSprop 1/√(1 − alpha), signSGD 1', (t) => {
    const isolated = sequence(t, (i) => (i === t ? 3 : 0));
    const cases: [OptimizerName, Given, number][] = [
      ['adagrad', {}, 1],
      ['adagrad', { lrDecay: 0.1 }, 1 / (1 + (t - 1) * 0.1)],
      ['rmsprop', { alpha: 0.99 }, 10],
      ['signsgd', {}, 1],
    ];
    for (const [name, given, wanted] of cases) {
      const bound = boundOf(name, given)(t);
      expect(Math.abs(bound / wanted - 1)).toBeLessThan(rounding);
      const step = lastStep(name, given, isolated);
      expect(Math.abs(step / bound - 1)).toBeLessThan(rounding);
    }
  });

  it.each<[OptimizerName, Given]>([
    ['sgd', {}],
    ['rmsprop', { centered: true }],
    ['rmsprop', { momentum: 0.9 }],
    ['nadam', {}],
    ['radam', {}],
    ['adabelief', {}],
  ])('%s %o has no bound', (name, given) => {
    for (const t of [1, 2, 1000]) expect(boundOf(name, given)(t)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('no sequence of gradients exceeds a bound', () => {
  const bounded: readonly (readonly [OptimizerName, Given])[] = [
    ...(['torch', 'optax', 'keras', 'paper'] as const).flatMap((dialect) =>
      [false, true].flatMap((amsgrad) =>
        (['adam', 'adamw'] as const).map((name) => [name, { dialect, amsgrad }] as const),
      ),
    ),
    ['adam', { dialect: 'tfjs' }],
    ['adam', { weightDecay: 0.1, beta1: 0.95, beta2: 0.9, amsgrad: true }],
    ['adamax', {}],
    ['adamax', { beta2: 0.8, weightDecay: 0.1 }],
    ['adagrad', { lrDecay: 0.01, initialAccumulatorValue: 0.1 }],
    ['rmsprop', { weightDecay: 0.1 }],
    ['signsgd', {}],
  ];

  it.each(bounded)('%s %o, with beta1 constant and cycled', (name, given) => {
    for (let seed = 0; seed < 100; seed++) {
      const betaAt = seed % 2 === 1 && optimizers[name].cycled ? cycle : null;
      const random = seededRandom(seed);
      const driven = new Driven(name, { ...given, lr: 1 }, { betaAt });
      const bound = driven.definition.bound(driven.options, betaAt);
      // Gradients that are constant, grow or shrink geometrically and mostly have the same sign: their steps
      // come close to the bound.
      const growth = 0.8 + 0.4 * random();
      const spread = random();
      for (let t = 1; t <= 60; t++) {
        const at = driven.step(growth ** t * (1 - spread * random()) * (random() < 0.05 ? -1 : 1));
        const decayed = (1 - driven.definition.decay(at.lr, driven.options)) * (at.params - at.update);
        const allowed = bound(t) * (1 + rounding) + 2 ** -51 * Math.abs(at.params);
        if (!(Math.abs(at.update + decayed) <= allowed))
          expect.fail(`seed ${seed}, t = ${t}: a step of ${at.update + decayed} is above ${bound(t)}`);
      }
    }
  });

  it('the bound does not depend on the learning rate', () => {
    expect(optimizers.adam.bound(completed('adam', { lr: 5 }))(9)).toBe(boundOf('adam')(9));
  });
});
