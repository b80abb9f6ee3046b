import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { seededRandom } from '../../../src/core/numerics/random';
import { dialectsOf } from '../../../src/core/optimizers/dialects';
import { type OptimizerName, optimizerNames } from '../../../src/core/optimizers/registry';
import { completed, Driven, type Given } from '../../support/optimizers';

/** The inputs of a reference at one step; t starts at 1. */
interface StepInput {
  readonly t: number;
  readonly g: number;
  readonly lr: number;
  /** beta1 of this step. */
  readonly b1: number;
}

interface Settings {
  readonly b2: number;
  readonly eps: number;
  readonly decay: number;
  /** The learning rate before any schedule. */
  readonly baseLr: number;
}

/** Computes theta_t from theta_{t−1}. Each reference keeps its own state. */
type Reference = (settings: Settings) => (theta: number, step: StepInput) => number;

/** optax: a chain of transformations, whose updates are added to the parameters. */
const optax = {
  scaleByAdam({ b2, eps }: Settings, nesterov = false) {
    let mu = 0;
    let nu = 0;
    return (g: number, count: number, b1: number) => {
      mu = (1 - b1) * g + b1 * mu;
      nu = (1 - b2) * g ** 2 + b2 * nu;
      const ahead = (b1 * mu) / (1 - b1 ** (count + 1)) + ((1 - b1) * g) / (1 - b1 ** count);
      const muHat = nesterov ? ahead : mu / (1 - b1 ** count);
      const nuHat = nu / (1 - b2 ** count);
      return muHat / (Math.sqrt(nuHat) + eps);
    };
  },
  scaleByAmsgrad({ b2, eps }: Settings) {
    let mu = 0;
    let nu = 0;
    let nuMax = 0;
    return (g: number, count: number, b1: number) => {
      mu = (1 - b1) * g + b1 * mu;
      nu = (1 - b2) * g ** 2 + b2 * nu;
      nuMax = Math.max(nuMax, nu / (1 - b2 ** count));
      return mu / (1 - b1 ** count) / (Math.sqrt(nuMax) + eps);
    };
  },
};

/**
 * Keras: weight decay is applied before the step; moments move toward the gradient by a share of the
 * difference.
 */
function keras(update: (m: number, v: number, step: StepInput) => number): Reference {
  return ({ b2, decay }) => {
    let m = 0;
    let v = 0;
    return (theta, step) => {
      const decayed = theta - theta * decay * step.lr;
      m += (step.g - m) * (1 - step.b1);
      v += (step.g * step.g - v) * (1 - b2);
      return decayed - update(m, v, step);
    };
  };
}

const kerasAdam: Reference = (settings) => {
  const { b2, eps } = settings;
  return keras((m, v, { t, lr, b1 }) => {
    const alpha = (lr * Math.sqrt(1 - b2 ** t)) / (1 - b1 ** t);
    return (m * alpha) / (Math.sqrt(v) + eps);
  })(settings);
};

const kerasAmsgrad: Reference = (settings) => {
  const { b2, eps } = settings;
  let vHat = 0;
  return keras((m, v, { t, lr, b1 }) => {
    const alpha = (lr * Math.sqrt(1 - b2 ** t)) / (1 - b1 ** t);
    vHat = Math.max(vHat, v);
    return (m * alpha) / (Math.sqrt(vHat) + eps);
  })(settings);
};

const kerasNadam: Reference = (settings) => {
  const { b2, eps } = settings;
  let product = 1;
  return keras((m, v, { t, g, lr, b1 }) => {
    const u = b1 * (1 - 0.5 * 0.96 ** t);
    const next = b1 * (1 - 0.5 * 0.96 ** (t + 1));
    product *= u;
    const mHat = (next * m) / (1 - product * next) + ((1 - u) * g) / (1 - product);
    return (mHat * lr) / (Math.sqrt(v / (1 - b2 ** t)) + eps);
  })(settings);
};

/** tfjs: the powers of the betas are accumulated products. beta1 is constant. */
const tfjsAdam: Reference = ({ b2, eps }) => {
  let [m, v, power1, power2] = [0, 0, 1, 1];
  return (theta, { g, lr, b1 }) => {
    power1 *= b1;
    power2 *= b2;
    m = m * b1 + g * (1 - b1);
    v = v * b2 + g * g * (1 - b2);
    return (m / (1 - power1) / (Math.sqrt(v / (1 - power2)) + eps)) * -lr + theta;
  };
};

/**
 * Kingma & Ba, Algorithm 1; with weight decay, Loshchilov & Hutter, Algorithm 2. eta is the factor of the
 * schedule.
 */
const paperAdamw: Reference = ({ b2, eps, decay, baseLr: alpha }) => {
  let m = 0;
  let v = 0;
  return (theta, { t, g, lr, b1 }) => {
    const eta = lr / alpha;
    m = b1 * m + (1 - b1) * g;
    v = b2 * v + (1 - b2) * g ** 2;
    const mHat = m / (1 - b1 ** t);
    const vHat = v / (1 - b2 ** t);
    return theta - eta * ((alpha * mHat) / (Math.sqrt(vHat) + eps) + decay * theta);
  };
};

/** Reddi et al., Algorithm 2, with eps added to the root. */
const paperAmsgrad: Reference = ({ b2, eps }) => {
  let [m, v, vHat] = [0, 0, 0];
  return (theta, { g, lr, b1 }) => {
    m = b1 * m + (1 - b1) * g;
    v = b2 * v + (1 - b2) * g ** 2;
    vHat = Math.max(vHat, v);
    return theta - (lr * m) / (Math.sqrt(vHat) + eps);
  };
};

/** Dozat, Algorithm 2, with the schedule of his report: mu_t = mu·(1 − ½·0.96^(t/250)). */
const paperNadam: Reference = ({ b2: nu, eps }) => {
  let m = 0;
  let n = 0;
  const mus: number[] = [];
  const product = (factors: readonly number[]) => factors.reduce((all, mu) => all * mu, 1);
  return (theta, { t, g, lr, b1 }) => {
    const mu = b1 * (1 - 0.5 * 0.96 ** (t / 250));
    const next = b1 * (1 - 0.5 * 0.96 ** ((t + 1) / 250));
    mus.push(mu);
    m = mu * m + (1 - mu) * g;
    n = nu * n + (1 - nu) * g ** 2;
    const mBar = (next * m) / (1 - product([...mus, next])) + ((1 - mu) * g) / (1 - product(mus));
    const nHat = (nu * n) / (1 - nu ** t);
    return theta - (lr * mBar) / (Math.sqrt(nHat) + eps);
  };
};

/** An L2 penalty in front of an optimizer without one, as users of optax and of the papers implement it. */
function penalised(reference: Reference): Reference {
  return (settings) => {
    const step = reference(settings);
    return (theta, told) => step(theta, { ...told, g: told.g + settings.decay * theta });
  };
}

const optaxAdam: Reference = (settings) => {
  const scale = optax.scaleByAdam(settings);
  return (theta, { t, g, lr, b1 }) => theta - lr * scale(g, t, b1);
};
const optaxNadam: Reference = (settings) => {
  const scale = optax.scaleByAdam(settings, true);
  return (theta, { t, g, lr, b1 }) => theta - lr * scale(g, t, b1);
};
const optaxAmsgrad: Reference = (settings) => {
  const scale = optax.scaleByAmsgrad(settings);
  return (theta, { t, g, lr, b1 }) => theta - lr * scale(g, t, b1);
};
const optaxAdamw: Reference = (settings) => {
  const scale = optax.scaleByAdam(settings);
  return (theta, { t, g, lr, b1 }) => theta - lr * (scale(g, t, b1) + settings.decay * theta);
};

/** An L2 penalty of 0.1 or a decoupled decay of 0.1, depending on the dialect. */
const references: readonly (readonly [OptimizerName, Given, Reference])[] = [
  ['adam', { dialect: 'optax', weightDecay: 0.1 }, penalised(optaxAdam)],
  ['adam', { dialect: 'optax', amsgrad: true }, optaxAmsgrad],
  ['adam', { dialect: 'keras', weightDecay: 0.1 }, kerasAdam],
  ['adam', { dialect: 'keras', amsgrad: true }, kerasAmsgrad],
  ['adam', { dialect: 'tfjs' }, tfjsAdam],
  [
    'adam',
    { dialect: 'paper', weightDecay: 0.1 },
    penalised((settings) => paperAdamw({ ...settings, decay: 0 })),
  ],
  ['adam', { dialect: 'paper', amsgrad: true }, paperAmsgrad],
  ['adamw', { dialect: 'optax', weightDecay: 0.1 }, optaxAdamw],
  ['adamw', { dialect: 'keras', weightDecay: 0.1 }, kerasAdam],
  ['adamw', { dialect: 'keras', weightDecay: 0.1, amsgrad: true }, kerasAmsgrad],
  ['adamw', { dialect: 'paper', weightDecay: 0.01 }, paperAdamw],
  ['nadam', { dialect: 'optax', weightDecay: 0.1 }, penalised(optaxNadam)],
  ['nadam', { dialect: 'keras', weightDecay: 0.1 }, kerasNadam],
  ['nadam', { dialect: 'paper', weightDecay: 0.1 }, penalised(paperNadam)],
];

const steps = 200;
/** About a dozen roundings per step, accumulated over all steps, relative to the length of the path. */
const tolerance = 12 * steps * 2 ** -52;

/**
 * Gradients of changing size, so that AMSGrad's maximum is sometimes the current value and sometimes an older
 * one.
 */
function gradients(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: steps }, (_, i) => (random() - 0.4) * (i < 60 ? 1 : i < 130 ? 0.2 : 3));
}

const lrAt = (base: number) => (t: number) => base * (0.2 + 0.8 * Math.min(1, t / 50));
const betaAt = (t: number) => 0.9 + 0.05 * Math.cos(t / 20);

describe('a dialect makes the same steps as its framework', () => {
  it.each(references)('%s %o', (name, given, reference) => {
    // eps is large, so that the result shows where it is added.
    const eps = 1e-2;
    for (const seed of [1, 2, 3]) {
      for (const cycled of given.dialect === 'tfjs' ? [false] : [false, true]) {
        const baseLr = completed(name, given).lr as number;
        const driven = new Driven(
          name,
          { beta2: 0.98, eps, ...given },
          { start: 1, lrAt: lrAt(baseLr), betaAt: cycled ? betaAt : null },
        );
        const decay = (given.weightDecay as number | undefined) ?? 0;
        const step = reference({ b2: 0.98, eps, decay, baseLr });
        let theta = 1;
        let path = 1;
        gradients(seed).forEach((g, i) => {
          const t = i + 1;
          const before = theta;
          theta = step(theta, { t, g, lr: lrAt(baseLr)(t), b1: cycled ? betaAt(t) : 0.9 });
          path += Math.abs(theta - before);
          const { params } = driven.step(g);
          if (!(Math.abs(params - theta) <= tolerance * path))
            expect.fail(
              `seed ${seed}, beta1 ${cycled ? 'cycled' : 'still'}, t = ${t}: ${params}, not ${theta}`,
            );
        });
      }
    }
  });

  it('AMSGrad keeps the maximum that the dialect defines: in optax, that of the corrected moment', () => {
    const largest = (dialect: string) => {
      const driven = new Driven('adam', { amsgrad: true, beta2: 0.9, dialect });
      return driven.steps([2, 1]).vMax;
    };
    // v is 0.4 and then 0.46; corrected, 4 and 46/19.
    expect(largest('torch')).toBeCloseTo(0.46, 15);
    expect(largest('keras')).toBeCloseTo(0.46, 15);
    expect(largest('paper')).toBeCloseTo(0.46, 15);
    expect(largest('optax')).toBeCloseTo(4, 14);
  });

  it('weight decay of the paper is scaled by the schedule, but not by lr, not even if lr is 0', () => {
    const { decay } = new Driven('adamw', { dialect: 'paper' }).definition;
    const options = completed('adamw', { dialect: 'paper', lr: 0.5, weightDecay: 0.1 });
    expect(decay(0.5, options)).toBe(0.9);
    expect(decay(0.25, options)).toBe(0.95);
    expect(decay(0.5, completed('adamw', { dialect: 'paper', lr: 0, weightDecay: 0.1 }))).toBe(0.9);
  });
});

describe('a dialect has its own defaults', () => {
  it.each<[OptimizerName, string, Given]>([
    ['adam', 'torch', { lr: 1e-3, eps: 1e-8, weightDecay: 0 }],
    ['adam', 'optax', { lr: 1e-3, eps: 1e-8, weightDecay: 0 }],
    ['adam', 'keras', { lr: 1e-3, eps: 1e-7, weightDecay: 0 }],
    ['adam', 'tfjs', { lr: 1e-3, eps: 1e-7, weightDecay: 0 }],
    ['adam', 'paper', { lr: 1e-3, eps: 1e-8, weightDecay: 0 }],
    ['adamw', 'torch', { eps: 1e-8, weightDecay: 1e-2 }],
    ['adamw', 'optax', { eps: 1e-8, weightDecay: 1e-4 }],
    ['adamw', 'keras', { eps: 1e-7, weightDecay: 4e-3 }],
    ['adamw', 'paper', { eps: 1e-8, weightDecay: 1e-5 }],
    ['nadam', 'torch', { lr: 2e-3, eps: 1e-8, momentumDecay: 4e-3 }],
    ['nadam', 'optax', { lr: 2e-3, eps: 1e-8 }],
    ['nadam', 'keras', { lr: 1e-3, eps: 1e-7, momentumDecay: 1 }],
    ['nadam', 'paper', { lr: 2e-3, eps: 1e-8, momentumDecay: 4e-3 }],
  ])('%s in %s: %o', (name, dialect, wanted) => {
    expect(completed(name, { dialect })).toMatchObject(wanted);
  });

  it('which explicit options replace', () => {
    const set = { lr: 0.5, eps: 1e-3, weightDecay: 0.2 };
    expect(completed('adamw', { dialect: 'keras', ...set })).toMatchObject(set);
  });

  it('and the paper has the same decay per step at the default lr as torch', () => {
    const { definition } = new Driven('adamw', {});
    expect(definition.decay(1e-3, completed('adamw', { dialect: 'paper' }))).toBeCloseTo(
      definition.decay(1e-3, completed('adamw')),
      15,
    );
  });
});

describe('options that a dialect does not have', () => {
  it.each<[OptimizerName, Given, string]>([
    ['adam', { dialect: 'tfjs', amsgrad: true }, 'amsgrad'],
    ['adam', { dialect: 'tfjs', weightDecay: 0.1 }, 'weightDecay'],
    ['nadam', { dialect: 'keras', momentumDecay: 4e-3 }, 'momentumDecay'],
    ['nadam', { dialect: 'optax', momentumDecay: 1e-2 }, 'momentumDecay'],
    ['adamw', { dialect: 'tfjs' }, 'dialect'],
    ['nadam', { dialect: 'tfjs' }, 'dialect'],
  ])('%s %o is refused at the option %s', (name, given, option) => {
    const { problems } = resolveConfig([{ optimizer: { name, ...given } }]);
    expect(problems.map(({ path }) => path)).toEqual([['optimizer', option]]);
  });

  it('an optimizer with a single variant has the dialect torch only', () => {
    expect(dialectsOf('adam')).toEqual(['torch', 'optax', 'keras', 'tfjs', 'paper']);
    expect(dialectsOf('adamw')).toEqual(['torch', 'optax', 'keras', 'paper']);
    expect(dialectsOf('nadam')).toEqual(['torch', 'optax', 'keras', 'paper']);
    for (const name of optimizerNames)
      if (!['adam', 'adamw', 'nadam'].includes(name)) expect(dialectsOf(name)).toEqual(['torch']);
  });
});
