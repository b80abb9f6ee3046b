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
  /** The least that the loss over all samples can be. */
  readonly least: number;
}

/**
 * A run that nobody would complain about, by the way it is made:
 *
 * - The loss is one whose minimum is known: a bowl (along the axes or turned), a chain of springs, linear, logistic or
 *   robust regression, an exponential, a network that learns from its like, Rosenbrock’s valley, Beale’s function.
 * - Gradient descent gets 0.1 to 0.6 of the rate that the steepest curvature allows (0.04 to 0.1 on mini-batches), and
 *   steps enough for the flattest direction to shrink a thousandfold.
 * - An optimizer that divides by the size of gradients gets the rate that covers the distance in 20 to 120 steps, and
 *   eight to twelve times as many steps. RMSprop and AdaBelief would cross their minimum for ever on whole batches: they are
 *   run on mini-batches, whose noise keeps √v up, and NAdam on these or on bowls along its axes. The rate of sign descent
 *   decays, and covers the distance in 80 to 200 steps. RAdam, which begins without √v, gets losses of small slopes.
 * - Mini-batches are 16 to 100 rows of at most 8 columns, and what the rows say is not lost in their noise.
 *
 * `healthy.test.ts` holds every one to its numbers: it arrives, was never above its start once it had begun, did not
 * lose again what it had won, and its steps were stable. All draws come from the seed; no run is drawn and thrown away.
 */
export function healthyRun(seed: number): HealthyRun {
  const draw = new Draw(seed, 99);
  const optimizer = optimizerNames[seed % optimizerNames.length]!;
  const plan = plans[optimizer](draw);
  const made = { ...plan, patch: { ...plan.patch, seed } };
  // A third of them on another level: a loss may be negative, or large against what there is to win.
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
    // Of a batch the curvature may be thrice that of all rows,
    // and momentum gathers their noise.
    const share = isBatched ? draw.between(0.04, 0.1) * (1 - momentum) : draw.between(0.1, 0.6);
    const lr = (share * limit) / family.steepest;
    const shrinks = Math.min(1 - momentum, (lr * family.flattest) / (1 - momentum));
    const steps = Math.ceil(Math.min(2000, Math.max(250, Math.log(1000) / shrinks)));
    return arranged(draw, family, { name: 'sgd', lr, momentum, nesterov }, steps, isBatched, sometimes);
  },
  adagrad: (draw) => {
    const family = draw.oneOf([() => bowlFamily(draw, draw.logBetween(1, 30)), () => anyFit(draw)])();
    const share = draw.between(3, 6);
    // Steps shrink like 1/√t: N of them cover 2 lr √N.
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
  // Its limit is a tenth of Adam’s: where gradients vanish along all of P it comes to it soon.
  nadam: (draw) =>
    draw.chance(0.5)
      ? noisy(draw, 'nadam', {})
      : paced(draw, bowlFamily(draw, draw.logBetween(1, 100)), 'nadam', {}, false),
  radam: (draw) => {
    // Until v can be trusted steps are lr times the gradient: losses whose gradients are about 1.
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

/** Adam and its like, on any loss. */
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

/** lr that covers the distance in so many steps, and ten times as many steps. */
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
  // AdaMax’s customary rate is twice Adam’s.
  const lr = ((name === 'adamax' ? 2 : 1) * family.distance) / paces;
  // Where the way is long or the minimum flat, √v would vanish before the run ends if the rate stayed as it is.
  const schedule = isValley || family.name === 'Beale' ? () => cosine : sometimes;
  return arranged(draw, family, { name, lr, ...options }, steps, isBatched, schedule);
}

/** What needs noise to stay in hold of its steps. */
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

/** The run with a schedule, a clip and mini-batches or without. */
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
  // A rate that decays covers half the distance in its steps.
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
