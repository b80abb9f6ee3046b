import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import type { Objective } from '../../../../src/core/objective';
import { type OptimizerName, optimizerNames } from '../../../../src/core/optimizers/registry';
import { bealeFamily, decayFamily, pupilFamily, valleyFamily } from './healthy/curved';
import { Draw } from './healthy/draw';
import type { Family } from './healthy/family';
import { fitFamily } from './healthy/fits';
import { bowlFamily, springsFamily, turnedBowlFamily } from './healthy/quadratics';
import { affine, type Problem } from './problems';

export interface HealthyRun {
  readonly name: string;
  readonly problem: Problem;
  readonly patch: RunConfigPatch;
  readonly validation?: Objective['value'];
  /** The least possible full-batch loss. */
  readonly least: number;
}

/**
 * A run that is healthy by construction:
 *
 * - The minimum of the loss is known: a bowl (along the axes or rotated), a chain of springs, linear,
 *   logistic or
 *   robust regression, an exponential, a network that learns from a similar one, Rosenbrock’s valley, Beale’s
 *   function.
 * - Gradient descent gets 0.1 to 0.6 of the learning rate that the largest curvature permits (0.04 to 0.1
 *   with
 *   mini-batches), and enough steps to shrink the flattest direction a thousandfold.
 * - An adaptive optimizer gets the learning rate that covers the distance in 20 to 120 steps, and eight to
 *   twelve times
 *   as many steps. With full batches, RMSprop and AdaBelief would oscillate around their minimum forever.
 *   They get
 *   mini-batches, whose noise keeps √v large; NAdam gets these, or bowls along its axes.
 * - The learning rate of signSGD decays and covers the distance in 80 to 200 steps. RAdam, which starts
 *   without √v,
 *   gets losses with small gradients.
 * - Mini-batches have 16 to 100 rows of at most 8 columns, and the noise of the rows does not hide their
 *   signal.
 *
 * `healthy.test.ts` checks the numbers of each run: it converges, is never above its start after the warm-up,
 * keeps its
 * improvement, and its steps are stable. All draws depend on the seed only; no drawn run is discarded.
 */
export function healthyRun(seed: number): HealthyRun {
  const draw = new Draw(seed, 99);
  const optimizer = optimizerNames[seed % optimizerNames.length]!;
  const plan = plans[optimizer](draw);
  const made = { ...plan, patch: { ...plan.patch, seed } };
  // A third of the losses are shifted: a loss may be negative, or large compared with the possible
  // improvement.
  if (!draw.chance(1 / 3)) return made;
  const shift = draw.between(-50, 50);
  return { ...made, problem: affine(made.problem, 1, shift), least: made.least + shift };
}

type Plan = (draw: Draw) => HealthyRun;

const plans: { readonly [N in OptimizerName]: Plan } = {
  sgd: (draw) => {
    const momentum = draw.oneOf([0, 0, 0.5, 0.9]);
    const nesterov = momentum > 0 && draw.chance(0.5);
    const family = draw.oneOf([
      () => bowlFamily(draw, draw.logBetween(1, 20)),
      () => turnedBowlFamily(draw, draw.logBetween(1, 20)),
      () => springsFamily(draw),
      () => anyFit(draw),
      () => anyFit(draw),
    ])();
    const isBatched = family.samples !== null && draw.chance(0.6);
    const limit = (2 * (1 + momentum)) / (nesterov ? 1 + 2 * momentum : 1);
    // The curvature of a mini-batch may be three times that of all rows, and momentum accumulates the noise.
    const share = isBatched ? draw.between(0.04, 0.1) * (1 - momentum) : draw.between(0.1, 0.6);
    const lr = (share * limit) / family.steepest;
    const shrinks = Math.min(1 - momentum, (lr * family.flattest) / (1 - momentum));
    const steps = Math.ceil(Math.min(2000, Math.max(250, Math.log(1000) / shrinks)));
    return arranged(draw, family, { name: 'sgd', lr, momentum, nesterov }, steps, isBatched, sometimes);
  },
  adagrad: (draw) => {
    const family = draw.oneOf([() => bowlFamily(draw, draw.logBetween(1, 30)), () => anyFit(draw)])();
    const share = draw.between(3, 6);
    // The steps shrink like 1/√t, so N steps cover 2 lr √N.
    const steps = Math.ceil((5 * share) ** 2);
    const isBatched = family.samples !== null && draw.chance(0.5);
    const lr = family.distance / share;
    return arranged(draw, family, { name: 'adagrad', lr }, Math.max(300, steps), isBatched, never);
  },
  rmsprop: (draw) => noisy(draw, 'rmsprop', { alpha: draw.oneOf([0.99, 0.95]) }),
  adabelief: (draw) => noisy(draw, 'adabelief', {}),
  adam: (draw) => adaptive(draw, 'adam', { amsgrad: draw.chance(0.2) }),
  adamw: (draw) => adaptive(draw, 'adamw', { weightDecay: draw.oneOf([0, 1e-4, 1e-3]) }),
  adamax: (draw) => adaptive(draw, 'adamax', {}),
  // NAdam’s stability limit is a tenth of Adam’s: it is soon reached when all gradients, and so P, become small.
  nadam: (draw) =>
    draw.chance(0.5)
      ? noisy(draw, 'nadam', {})
      : paced(draw, bowlFamily(draw, draw.logBetween(1, 100)), 'nadam', {}, false),
  radam: (draw) => {
    // RAdam’s first steps are lr times the gradient, so it gets losses whose gradients are about 1.
    const family = draw.oneOf([
      () => anyFit(draw),
      () => fitFamily(draw, 'logistic'),
      () => decayFamily(draw),
    ])();
    const paces = draw.between(20, 60);
    const isBatched = family.samples !== null && draw.chance(0.5);
    const steps = Math.ceil(200 + paces * draw.between(10, 16));
    return arranged(draw, family, { name: 'radam', lr: family.distance / paces }, steps, isBatched, never);
  },
  signsgd: (draw) => {
    const family = draw.oneOf([() => bowlFamily(draw, draw.logBetween(1, 30)), () => anyFit(draw)])();
    const paces = draw.between(80, 200);
    const lr = family.distance / paces;
    return arranged(draw, family, { name: 'signsgd', lr }, Math.ceil(paces * 5), false, decaying);
  },
};

function anyFit(draw: Draw): Family {
  return fitFamily(draw, draw.oneOf(['squares', 'logistic', 'robust']));
}

/** Adam and similar optimizers, on any loss. */
function adaptive(draw: Draw, name: OptimizerName, options: Record<string, number | boolean>): HealthyRun {
  const family = draw.oneOf([
    () => bowlFamily(draw, draw.logBetween(1, 100)),
    () => turnedBowlFamily(draw, draw.logBetween(1, 10)),
    () => springsFamily(draw),
    () => anyFit(draw),
    () => anyFit(draw),
    () => decayFamily(draw),
    () => pupilFamily(draw),
    () => valleyFamily(draw),
    () => bealeFamily(draw),
  ])();
  return paced(draw, family, name, options, family.samples !== null && draw.chance(0.6));
}

/** A learning rate that covers the distance in `paces` steps, and about ten times as many steps. */
function paced(
  draw: Draw,
  family: Arrangeable,
  name: OptimizerName,
  options: Record<string, number | boolean>,
  isBatched: boolean,
): HealthyRun {
  const isValley = family.name.startsWith('Rosenbrock');
  const paces = isValley ? draw.between(60, 100) : isBatched ? draw.between(40, 80) : draw.between(20, 60);
  const steps = isValley ? 1200 : Math.max(250, Math.ceil(paces * draw.between(8, 12)));
  // AdaMax is usually run with twice the learning rate of Adam.
  const lr = ((name === 'adamax' ? 2 : 1) * family.distance) / paces;
  // For a long path or a flat minimum, √v would vanish before the end at a constant learning rate.
  const schedule = isValley || family.name === 'Beale' ? () => cosine : sometimes;
  return arranged(draw, family, { name, lr, ...options }, steps, isBatched, schedule);
}

/** Optimizers whose steps are stable only with noise. */
function noisy(draw: Draw, name: OptimizerName, options: Record<string, number>): HealthyRun {
  const family = anyFit(draw);
  const paces = draw.between(60, 120);
  const lr = family.distance / paces;
  const steps = Math.ceil(paces * draw.between(8, 12));
  return arranged(draw, family, { name, lr, ...options }, steps, true, sometimes);
}

type Arrangeable = Omit<Family, 'steepest' | 'flattest'>;
type Schedule = NonNullable<RunConfigPatch['schedule']>;
type ScheduleMaker = (steps: number, lr: number) => Schedule;

const cosine: ScheduleMaker = () => ({ name: 'cosine' });
const linearTo =
  (endFactor: number): ScheduleMaker =>
  (steps) => ({ name: 'linear', startFactor: 1, endFactor, totalIters: steps });

const never = () => null;
const decaying = (draw: Draw) => draw.oneOf([cosine, linearTo(0.001)]);
const sometimes = (draw: Draw) =>
  draw.oneOf<ScheduleMaker | null>([
    null,
    null,
    null,
    cosine,
    linearTo(0.05),
    () => ({ name: 'warmupCosine' }),
    (steps) => ({ name: 'step', stepSize: Math.ceil(steps / 3), gamma: 0.3 }),
    (_, lr) => ({ name: 'oneCycle', maxLr: lr, cycleMomentum: false }),
  ]);

/** A run with a random schedule and clipping, with or without mini-batches. */
function arranged(
  draw: Draw,
  family: Arrangeable,
  optimizer: { readonly name: OptimizerName; readonly lr: number } & Record<string, unknown>,
  steps: number,
  isBatched: boolean,
  scheduleOf: (draw: Draw) => ScheduleMaker | null,
): HealthyRun {
  const { problem, least, samples, validation } = family;
  const batch = isBatched ? draw.oneOf([16, 32, 64, 100].filter((size) => size <= samples! / 2)) : null;
  const schedule = scheduleOf(draw);
  // A learning rate that decays covers half the distance in the same number of steps.
  const length = schedule === null ? steps : Math.ceil(1.6 * steps);
  const clip = draw.chance(0.2) ? { norm: draw.between(0.5, 2) * firstNorm(problem), value: null } : null;
  const isValidated = validation !== undefined && batch !== null && draw.chance(0.5);
  return {
    name: `${optimizer.name} on ${family.name}${batch === null ? '' : `, batches of ${batch}`}`,
    problem,
    least,
    ...(isValidated ? { validation } : {}),
    patch: {
      optimizer: optimizer as NonNullable<RunConfigPatch['optimizer']>,
      schedule: schedule?.(length, optimizer.lr) ?? null,
      clip,
      steps: length,
      ...(batch === null ? {} : { samples, batch }),
      ...(isValidated ? { validation: 'held' } : {}),
    },
  };
}

function firstNorm({ objective, start }: Problem): number {
  const grad = new Float64Array(start.length);
  objective.valueAndGradient(Float64Array.from(start), grad, () => ({
    step: 1,
    epoch: 0,
    indices: [],
    random: () => 0.5,
  }));
  return Math.hypot(...grad);
}
