import type { GroupConfig, RunConfigPatch } from '../../../src/core/config/runConfig';
import { type OptimizerName, optimizers } from '../../../src/core/optimizers/registry';
import type { ScheduleName } from '../../../src/core/schedules/registry';
import type { Draw } from './draw';
import { drawProblem, type NoisyQuadratic, type ProblemShape } from './noisyQuadratic';
import { type Options, optionsOf, schedulesOf } from './options';

export type Library = 'torch' | 'optax' | 'keras';

/** A run of a library and of this project with the same configuration on the same problem. */
export interface Case {
  readonly patch: RunConfigPatch;
  readonly problem: NoisyQuadratic;
  /** Arguments in the library's words. */
  readonly theirs: Options;
}

export interface Difference {
  readonly atLeast: number;
  readonly atMost?: number;
}

/** A statement about a library, tested by generated cases. docs/dialects.md has a line for each title. */
export interface Row {
  readonly library: Library;
  readonly title: string;
  /** Absent: the trajectories are equal up to rounding. Otherwise they differ in every case, by as much as this. */
  readonly differs?: Difference;
  draw(draw: Draw): Case;
}

const STEPS = 40;
/** Squares of the largest and smallest stay above the smallest normal number and below the largest number. */
const scales = [1, 1, 1, 1e-4, 1e4, 1e-100, 1e100];

interface Settings {
  readonly options?: Options;
  readonly schedule?: ScheduleName;
  readonly scheduleOptions?: Options;
  readonly clip?: (draw: Draw, scale: number) => NonNullable<RunConfigPatch['clip']>;
  readonly maximize?: boolean;
  /** Whether there are parameter groups; options that all of them have. */
  readonly groups?: boolean | Options;
  readonly shape?: Partial<ProblemShape>;
  readonly theirs?: Options;
}

function caseOf(draw: Draw, name: OptimizerName, settings: Settings): Case {
  const shape = {
    steps: STEPS,
    scale: draw.pick(scales),
    zeros: draw.pick([0, 0.1, 0.7]),
    leastDim: settings.groups ? 2 : 1,
    ...settings.shape,
  };
  const { scale } = shape;
  const problem = drawProblem(draw, shape);
  const options = { ...optionsOf[name](draw, scale), ...settings.options };
  const { schedule } = settings;
  const dim = problem.start.length;
  return {
    patch: {
      optimizer: { name, ...options },
      ...(schedule && {
        schedule: {
          name: schedule,
          ...schedulesOf[schedule](draw, STEPS, options.lr as number),
          ...(schedule === 'oneCycle' && { cycleMomentum: optimizers[name].cycled !== null }),
          ...settings.scheduleOptions,
        },
      }),
      ...(settings.clip && { clip: settings.clip(draw, scale) }),
      ...(settings.groups && { groups: groupsOf(draw, name, dim, scale, settings.groups) }),
      maximize: settings.maximize ?? false,
      steps: STEPS,
    },
    problem,
    theirs: settings.theirs ?? {},
  };
}

/** One or two groups, and at least one coordinate outside them. */
function groupsOf(
  draw: Draw,
  name: OptimizerName,
  dim: number,
  scale: number,
  own: true | Options,
): GroupConfig[] {
  const first = draw.integer(1, dim - 1);
  const middle = draw.integer(first, dim - 1);
  const ranges: [number, number][] = [
    [first, middle - 1],
    [middle, dim - 1],
  ];
  return ranges
    .filter(([from, to]) => from <= to)
    .map((range) => {
      const { initialAccumulatorValue: _, ...options } = optionsOf[name](draw, scale);
      return { ranges: [range], ...options, ...(own !== true && own) };
    });
}

function row(
  library: Library,
  title: string,
  names: readonly OptimizerName[],
  settings: Settings | ((draw: Draw) => Settings),
  differs?: Difference,
): Row {
  return {
    library,
    title,
    ...(differs && { differs }),
    draw: (draw) =>
      caseOf(draw, draw.pick(names), typeof settings === 'function' ? settings(draw) : settings),
  };
}

const ofTorch = ['sgd', 'adagrad', 'rmsprop', 'adam', 'adamw', 'adamax', 'nadam', 'radam'] as const;
const scheduled = [
  'step',
  'multiStep',
  'exponential',
  'linear',
  'cosine',
  'warmupCosine',
  'oneCycle',
  'reduceOnPlateau',
] as const;
const byNorm = (draw: Draw, scale: number) => ({ norm: scale * draw.between(0.1, 2) });
const byValue = (draw: Draw, scale: number) => ({ value: scale * draw.between(0.1, 1) });

const visibly: Difference = { atLeast: 1e-4 };
/** An lr that was computed in single precision. */
const asFloat32: Difference = { atLeast: 1e-11, atMost: 3e-7 };

const torch: readonly Row[] = [
  ...ofTorch.map((name) => row('torch', name, [name], {})),
  ...ofTorch.map((name) => row('torch', `${name} with parameter groups`, [name], { groups: true })),
  ...ofTorch.map((name) => row('torch', `${name} with maximize`, [name], { maximize: true })),
  ...scheduled.map((schedule) => row('torch', `schedule ${schedule}`, ofTorch, { schedule })),
  ...scheduled
    .filter((schedule) => schedule !== 'oneCycle')
    .map((schedule) =>
      row('torch', `schedule ${schedule} with parameter groups`, ofTorch, { schedule, groups: true }),
    ),
  row('torch', 'sgd with a momentum of 0 that oneCycle cycles', ['sgd'], {
    schedule: 'oneCycle',
    options: { momentum: 0, nesterov: false },
  }),
  row('torch', 'rmsprop with a momentum of 0 that oneCycle cycles', ['rmsprop'], {
    schedule: 'oneCycle',
    options: { momentum: 0 },
  }),
  row('torch', 'schedule reduceOnPlateau with maximize', ofTorch, {
    schedule: 'reduceOnPlateau',
    scheduleOptions: { patience: 1, threshold: 0.1 },
    maximize: true,
  }),
  row(
    'torch',
    'adagrad with initialAccumulatorValue in a parameter group',
    ['adagrad'],
    {
      options: { initialAccumulatorValue: 0 },
      groups: { initialAccumulatorValue: 1, lr: 0.1 },
      shape: { scale: 1, zeros: 0 },
    },
    visibly,
  ),
  row('torch', 'clip by norm', ofTorch, { clip: byNorm }),
  row('torch', 'clip by norm with parameter groups', ofTorch, { clip: byNorm, groups: true }),
  row('torch', 'clip by value', ofTorch, { clip: byValue }),
];

/** Without zero gradients, so that eps = 0 divides no 0 by 0. */
const dense = { zeros: 0 };
const epsAsLarge = { eps: 1 };
const dialect = 'optax';
const momentumSgd = { momentum: 0.9, dampening: 0 };

const optax: readonly Row[] = [
  row('optax', 'adam', ['adam'], { options: { dialect } }),
  row('optax', 'adamw', ['adamw'], { options: { dialect } }),
  row('optax', 'nadam', ['nadam'], { options: { dialect, momentumDecay: 4e-3 } }),
  row('optax', 'adamax', ['adamax'], {}),
  row('optax', 'adabelief', ['adabelief'], {}),
  row('optax', 'sgd without dampening', ['sgd'], { options: { dampening: 0 } }),
  row('optax', 'signsgd with eps=1e-300', ['signsgd'], { options: { eps: 1e-300 } }),
  row(
    'optax',
    'signsgd with a larger eps',
    ['signsgd'],
    { options: epsAsLarge, shape: { scale: 1, zeros: 0 } },
    visibly,
  ),
  row('optax', 'adagrad with eps=0', ['adagrad'], { options: { eps: 0, lrDecay: 0 }, shape: dense }),
  row(
    'optax',
    'adagrad with eps > 0',
    ['adagrad'],
    { options: { ...epsAsLarge, lrDecay: 0 }, shape: { scale: 1, zeros: 0 } },
    visibly,
  ),
  row('optax', 'rmsprop with eps_in_sqrt=False', ['rmsprop'], { theirs: { eps_in_sqrt: false } }),
  row(
    'optax',
    'rmsprop with eps_in_sqrt=True',
    ['rmsprop'],
    { options: epsAsLarge, shape: { scale: 1, zeros: 0 } },
    visibly,
  ),
  row(
    'optax',
    'rmsprop with momentum and a schedule',
    ['rmsprop'],
    {
      options: { momentum: 0.9 },
      schedule: 'exponential',
      scheduleOptions: { gamma: 0.8 },
      theirs: { eps_in_sqrt: false },
      shape: { scale: 1, zeros: 0 },
    },
    visibly,
  ),
  row('optax', 'radam with eps=0', ['radam'], { options: { eps: 0 }, shape: { ...dense, scale: 1 } }),
  row(
    'optax',
    'radam with eps > 0',
    ['radam'],
    { options: { ...epsAsLarge, beta2: 0.99 }, shape: { scale: 1, zeros: 0 } },
    visibly,
  ),
  row('optax', 'adam amsgrad of the paper', ['adam'], {
    options: { dialect: 'paper', amsgrad: true },
    theirs: { bias_correction_mu: false, bias_correction_nu: false },
  }),
  row('optax', 'adamw of the paper', ['adamw'], {
    options: { dialect: 'paper', amsgrad: false, weightDecay: 0.01 },
  }),
  row('optax', 'clip by value', ['adam'], { options: { dialect }, clip: byValue }),
  row('optax', 'clip by norm of gradients far above 1e-6', ['sgd'], {
    options: momentumSgd,
    clip: byNorm,
    shape: { scale: 1e12 },
  }),
  row(
    'optax',
    'clip by norm of gradients near 1e-6',
    ['sgd'],
    { options: momentumSgd, clip: byNorm, shape: { scale: 1e-5, zeros: 0 } },
    visibly,
  ),
  ...(['step', 'multiStep', 'exponential', 'linear', 'warmupCosine'] as const).map((schedule) =>
    row('optax', `schedule ${schedule}`, ['adam'], { options: { dialect }, schedule }),
  ),
  ...(['step', 'exponential', 'linear'] as const).map((schedule) =>
    row(
      'optax',
      `schedule ${schedule} with a length that is an int`,
      ['adam'],
      { options: { dialect }, schedule, theirs: { int_lengths: true } },
      asFloat32,
    ),
  ),
  row('optax', 'schedule cosine up to tMax', ['adam'], {
    options: { dialect },
    schedule: 'cosine',
    scheduleOptions: { tMax: STEPS },
  }),
  row(
    'optax',
    'schedule cosine after tMax',
    ['adam'],
    { options: { dialect }, schedule: 'cosine', scheduleOptions: { tMax: STEPS / 2 } },
    visibly,
  ),
  row(
    'optax',
    'warmup_cosine_decay_schedule',
    ['adam'],
    {
      options: { dialect },
      schedule: 'warmupCosine',
      scheduleOptions: { warmup: 5 },
      theirs: { native: true },
    },
    visibly,
  ),
  row(
    'optax',
    'cosine_onecycle_schedule',
    ['adam'],
    { options: { dialect }, schedule: 'oneCycle', scheduleOptions: { cycleMomentum: false } },
    visibly,
  ),
  row('optax', 'reduce_on_plateau with a patience that is larger by one', ['adam'], {
    options: { dialect },
    schedule: 'reduceOnPlateau',
    scheduleOptions: { minLr: 0, threshold: 1e-3, factor: 0.5, patience: 3 },
  }),
  row(
    'optax',
    'reduce_on_plateau below lr=1e-8',
    ['adam'],
    {
      options: { dialect, lr: 1e-3 },
      schedule: 'reduceOnPlateau',
      scheduleOptions: { minLr: 0, threshold: 1e-3, factor: 0.1, patience: 0, cooldown: 0 },
    },
    { atLeast: 1e-6, atMost: 1e-4 },
  ),
  row(
    'optax',
    'reduce_on_plateau with the same patience',
    ['adam'],
    {
      options: { dialect },
      schedule: 'reduceOnPlateau',
      scheduleOptions: { minLr: 0, patience: 2, threshold: 0.1 },
      theirs: { native: true },
    },
    visibly,
  ),
];

const inKeras = { dialect: 'keras' };
const withoutDecay = { weightDecay: 0 };

const keras: readonly Row[] = [
  row('keras', 'adam', ['adam'], (draw) => ({
    options: { ...inKeras, weightDecay: draw.pick([0, draw.between(0, 0.5)]) },
  })),
  row('keras', 'adamw', ['adamw'], { options: inKeras }),
  row('keras', 'nadam', ['nadam'], (draw) => ({
    options: { ...inKeras, momentumDecay: 1, weightDecay: draw.pick([0, draw.between(0, 0.5)]) },
  })),
  row('keras', 'sgd without dampening and weight decay', ['sgd'], {
    options: { dampening: 0, ...withoutDecay },
  }),
  row(
    'keras',
    'sgd with weight decay and momentum',
    ['sgd'],
    { options: { dampening: 0, momentum: 0.9, weightDecay: 0.3, lr: 0.05 }, shape: { scale: 1 } },
    visibly,
  ),
  row(
    'keras',
    'sgd with momentum and a schedule',
    ['sgd'],
    {
      options: { ...momentumSgd, ...withoutDecay },
      schedule: 'exponential',
      scheduleOptions: { gamma: 0.8 },
      shape: { scale: 1, zeros: 0 },
    },
    visibly,
  ),
  row('keras', 'adagrad with eps=0', ['adagrad'], {
    options: { eps: 0, lrDecay: 0, ...withoutDecay },
    shape: dense,
  }),
  row(
    'keras',
    'adagrad with eps > 0',
    ['adagrad'],
    { options: { ...epsAsLarge, lrDecay: 0, ...withoutDecay }, shape: { scale: 1, zeros: 0 } },
    visibly,
  ),
  row('keras', 'rmsprop with eps=0', ['rmsprop'], { options: { eps: 0, ...withoutDecay }, shape: dense }),
  row(
    'keras',
    'rmsprop with eps > 0',
    ['rmsprop'],
    { options: { ...epsAsLarge, ...withoutDecay }, shape: { scale: 1, zeros: 0 } },
    visibly,
  ),
  row(
    'keras',
    'rmsprop with momentum and a schedule',
    ['rmsprop'],
    {
      options: { eps: 0, momentum: 0.9, ...withoutDecay },
      schedule: 'exponential',
      scheduleOptions: { gamma: 0.8 },
      shape: { scale: 1, zeros: 0 },
    },
    visibly,
  ),
  row('keras', 'adamax with eps=0', ['adamax'], { options: { eps: 0, ...withoutDecay }, shape: dense }),
  row(
    'keras',
    'adamax with eps > 0',
    ['adamax'],
    { options: { ...epsAsLarge, ...withoutDecay }, shape: { scale: 1, zeros: 0 } },
    visibly,
  ),
  row('keras', 'clip by value', ['adam'], { options: { ...inKeras, ...withoutDecay }, clip: byValue }),
  row('keras', 'clip by global norm of gradients far above 1e-6', ['sgd'], {
    options: { ...momentumSgd, ...withoutDecay },
    clip: byNorm,
    shape: { scale: 1e12, zeros: 0 },
  }),
  row(
    'keras',
    'clip by global norm of gradients near 1e-6',
    ['sgd'],
    {
      options: { ...momentumSgd, ...withoutDecay },
      clip: byNorm,
      shape: { scale: 1e-5, zeros: 0 },
    },
    visibly,
  ),
  ...(['step', 'multiStep', 'exponential', 'linear'] as const).map((schedule) =>
    row('keras', `schedule ${schedule}`, ['adam'], {
      options: { ...inKeras, ...withoutDecay },
      schedule,
    }),
  ),
  row(
    'keras',
    'PiecewiseConstantDecay with the same boundaries',
    ['adam'],
    { options: { ...inKeras, ...withoutDecay }, schedule: 'multiStep', theirs: { native: true } },
    visibly,
  ),
  row(
    'keras',
    'schedule cosine up to tMax',
    ['adam'],
    {
      options: { ...inKeras, ...withoutDecay },
      schedule: 'cosine',
      scheduleOptions: { tMax: STEPS },
    },
    asFloat32,
  ),
  row(
    'keras',
    'CosineDecay with warmup',
    ['adam'],
    {
      options: { ...inKeras, ...withoutDecay },
      schedule: 'warmupCosine',
      scheduleOptions: { warmup: 5 },
    },
    visibly,
  ),
];

export const rows: readonly Row[] = [...torch, ...optax, ...keras];
