import { changed } from '../../analysis/recordedRun';
import { baseLr, isLrOfSchedule, lrPatch, numberOption } from '../../config/readOptions';
import type { RunConfig } from '../../config/runConfig';
import { cosineFix } from '../../diagnosis/fixes';

/** Configurations that differ in their learning rate only. */
export interface Family {
  /** With the learning rate at which the search begins. */
  readonly config: RunConfig;
}

type OtherOptimizer = Readonly<Record<string, string | number>>;

/** Other optimizers that are tried, and the learning rate at which the search begins. */
const others: readonly OtherOptimizer[] = [
  { name: 'adam', lr: 0.01 },
  { name: 'adam', lr: 0.01, beta2: 0.99 },
  { name: 'adam', lr: 0.01, beta2: 0.9 },
  { name: 'sgd', lr: 0.01, momentum: 0.9 },
  { name: 'sgd', lr: 0.01, momentum: 0.99 },
  { name: 'sgd', lr: 0.01 },
  { name: 'rmsprop', lr: 0.01 },
];

/** The families of a search: the user's configuration first, then other optimizers without a schedule. */
export function familiesOf(config: RunConfig): Family[] {
  const lr = baseLr(config);
  const own: Family = {
    config: lr > 0 ? config : (changed(config, lrPatch(config, 0.01)) ?? config),
  };
  const known = new Set([optionsWithoutLr(config)]);
  const rest = others.flatMap((another): Family[] => {
    const optimizer = withSameDecay(config, another);
    const other = changed(config, { optimizer, schedule: null, switch: null });
    if (!other || known.has(optionsWithoutLr(other))) return [];
    known.add(optionsWithoutLr(other));
    const isSameName = other.optimizer.name === config.optimizer.name;
    const isLrKnown = isSameName && lr > 0 && !isLrOfSchedule(config);
    return [{ config: (isLrKnown && changed(other, lrPatch(other, lr))) || other }];
  });
  return [own, ...rest];
}

/** Another optimizer with the weight decay of the configuration: it is part of what the user minimizes. */
function withSameDecay({ optimizer }: RunConfig, another: OtherOptimizer): OtherOptimizer {
  const weightDecay = numberOption(optimizer, 'weightDecay');
  if (!weightDecay) return another;
  const isDecoupled = optimizer.name === 'adamw' && another.name === 'adam';
  return { ...another, ...(isDecoupled ? { name: 'adamw' } : {}), weightDecay };
}

function optionsWithoutLr({ optimizer: { lr: _, ...options }, schedule }: RunConfig): string {
  return JSON.stringify([options, schedule]);
}

/** The same configuration with another learning rate, of two digits; null if it is not allowed. */
export function withLr(config: RunConfig, lr: number): RunConfig | null {
  return changed(config, lrPatch(config, Number(lr.toPrecision(2))));
}

/** Cosine decay instead of the schedule of a configuration. */
export function withCosine(config: RunConfig): RunConfig | null {
  return changed(config, cosineFix(config).patch);
}

const momenta = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99];
const secondMemories = [0.9, 0.95, 0.99, 0.999, 0.9999];
/** The factors of the learning rate, in the order in which they are tried. */
const factors = [
  10 ** 0.5,
  10 ** -0.5,
  10 ** 0.25,
  10 ** -0.25,
  10 ** 0.12,
  10 ** -0.12,
  10 ** 0.05,
  10 ** -0.05,
];

/** The values of each option that are tried, ascending. */
const ladders = {
  momentum: momenta,
  beta1: momenta,
  beta2: secondMemories,
  alpha: secondMemories,
} as const satisfies Readonly<Record<string, readonly number[]>>;

/** Configurations near one, in the order in which they are tried: large changes first. */
export function neighboursOf(config: RunConfig): RunConfig[] {
  const lr = baseLr(config);
  const scaled = (factor: number) => withLr(config, lr * factor);
  const step = (option: keyof typeof ladders, down: boolean) => moved(config, option, ladders[option], down);
  return [
    ...factors.slice(0, 2).map(scaled),
    config.schedule ? null : withCosine(config),
    step('beta2', true),
    step('alpha', true),
    step('momentum', false),
    ...factors.slice(2, 4).map(scaled),
    step('momentum', true),
    step('beta1', true),
    step('beta1', false),
    step('beta2', false),
    step('alpha', false),
    withoutDecay(config),
    withWarmup(config),
    config.clip ? changed(config, { clip: null }) : null,
    ...factors.slice(4).map(scaled),
  ].filter((each) => each !== null);
}

/** The next value of an option; null if there is none. */
function moved(
  config: RunConfig,
  option: string,
  values: readonly number[],
  down: boolean,
): RunConfig | null {
  const now = numberOption(config.optimizer, option);
  if (now === undefined) return null;
  const next = down ? values.findLast((value) => value < now) : values.find((value) => value > now);
  return next === undefined ? null : changed(config, { optimizer: { [option]: next } });
}

function withoutDecay(config: RunConfig): RunConfig | null {
  return numberOption(config.optimizer, 'weightDecay')
    ? changed(config, { optimizer: { weightDecay: 0 } })
    : null;
}

function withWarmup(config: RunConfig): RunConfig | null {
  const { steps, schedule } = config;
  if (schedule?.name !== 'cosine' || steps < 20) return null;
  return changed(config, {
    schedule: { name: 'warmupCosine', warmup: Math.ceil(steps / 20), totalSteps: steps },
  });
}
