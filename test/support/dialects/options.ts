import type { OptionValue } from '../../../src/core/config/runConfig';
import type { OptimizerName } from '../../../src/core/optimizers/registry';
import type { ScheduleName } from '../../../src/core/schedules/registry';
import type { Draw } from './draw';

export type Options = Readonly<Record<string, OptionValue>>;

const lrOf = (draw: Draw) => draw.logBetween(1e-3, 0.2);
/** Relative to the gradient: negligible, of its size, or larger. */
const epsOf = (draw: Draw, scale: number) => scale * draw.pick([1e-10, 1e-8, 1e-3, 1, 10]);
const penaltyOf = (draw: Draw, scale: number) => scale * draw.pick([0, draw.between(0, 0.5)]);
const momentumOf = (draw: Draw) => draw.pick([0, draw.between(0.01, 0.95)]);

function momentsOf(draw: Draw, scale: number) {
  return {
    lr: lrOf(draw),
    beta1: draw.pick([0, 0.9, draw.between(0, 0.95)]),
    beta2: draw.pick([0.999, draw.between(0.5, 0.999)]),
    eps: epsOf(draw, scale),
    weightDecay: penaltyOf(draw, scale),
  };
}

/** Options from the whole range of each optimizer; scale is the size of the gradients. */
export const optionsOf: { readonly [N in OptimizerName]: (draw: Draw, scale: number) => Options } = {
  sgd: (draw, scale) => {
    const momentum = momentumOf(draw);
    const nesterov = momentum > 0 && draw.random() < 0.4;
    return {
      lr: lrOf(draw) / scale,
      momentum,
      nesterov,
      dampening: nesterov ? 0 : draw.pick([0, draw.between(0, 0.9)]),
      weightDecay: penaltyOf(draw, scale),
    };
  },
  adagrad: (draw, scale) => ({
    lr: lrOf(draw),
    lrDecay: draw.pick([0, draw.between(0, 0.3)]),
    initialAccumulatorValue: draw.pick([0, draw.between(0, 1)]) * scale * scale,
    eps: epsOf(draw, scale),
    weightDecay: penaltyOf(draw, scale),
  }),
  rmsprop: (draw, scale) => ({
    lr: lrOf(draw),
    alpha: draw.pick([0.99, draw.between(0.5, 0.99)]),
    eps: epsOf(draw, scale),
    momentum: momentumOf(draw),
    centered: draw.random() < 0.5,
    weightDecay: penaltyOf(draw, scale),
  }),
  adam: (draw, scale) => ({ ...momentsOf(draw, scale), amsgrad: draw.random() < 0.5 }),
  adamw: (draw, scale) => ({
    ...momentsOf(draw, scale),
    weightDecay: draw.between(0, 0.5),
    amsgrad: draw.random() < 0.5,
  }),
  adamax: momentsOf,
  nadam: (draw, scale) => ({ ...momentsOf(draw, scale), momentumDecay: draw.logBetween(1e-3, 1) }),
  radam: (draw, scale) => ({ ...momentsOf(draw, scale), lr: lrOf(draw) / scale }),
  adabelief: (draw, scale) => ({
    ...momentsOf(draw, scale),
    weightDecay: draw.pick([0, draw.between(0, 0.5)]),
  }),
  signsgd: (draw, scale) => ({
    lr: lrOf(draw),
    eps: epsOf(draw, scale),
    weightDecay: penaltyOf(draw, scale),
  }),
};

const gammaOf = (draw: Draw) => draw.between(0.2, 0.95);

/** Schedules for a run of so many steps; etaMin and minLr are below lr. */
export const schedulesOf: {
  readonly [N in ScheduleName]: (draw: Draw, steps: number, lr: number) => Options;
} = {
  constant: () => ({}),
  step: (draw) => ({ stepSize: draw.integer(1, 15), gamma: gammaOf(draw) }),
  multiStep: (draw) => {
    const first = draw.integer(1, 15);
    return { milestones: [first, first + draw.integer(1, 15)], gamma: gammaOf(draw) };
  },
  exponential: (draw) => ({ gamma: draw.between(0.8, 1.02) }),
  linear: (draw) => ({
    startFactor: draw.between(0.05, 1),
    endFactor: draw.between(0, 1),
    totalIters: draw.integer(1, 50),
  }),
  cosine: (draw, steps, lr) => ({
    tMax: draw.integer(steps / 2, 2 * steps),
    etaMin: lr * draw.between(0, 0.5),
  }),
  warmupCosine: (draw, steps, lr) => ({
    warmup: draw.integer(1, 10),
    totalSteps: draw.integer(steps, 2 * steps),
    etaMin: lr * draw.between(0, 0.5),
  }),
  oneCycle: (draw, steps, lr) => ({
    maxLr: lr,
    totalSteps: draw.integer(steps, 2 * steps),
    pctStart: draw.between(0.2, 0.8),
    annealStrategy: draw.pick(['cos', 'linear']),
    divFactor: draw.between(2, 30),
    finalDivFactor: draw.logBetween(10, 1e4),
    baseMomentum: draw.between(0.6, 0.85),
    maxMomentum: draw.between(0.85, 0.95),
  }),
  reduceOnPlateau: (draw, _steps, lr) => ({
    factor: draw.between(0.2, 0.9),
    patience: draw.integer(0, 3),
    threshold: draw.pick([0, 1e-4, 0.1]),
    cooldown: draw.integer(0, 3),
    minLr: lr * draw.pick([0, draw.between(0, 0.3)]),
  }),
};
