import { countOfNames } from '../coordinates/nameEntry';
import { optimizers } from '../optimizers/registry';
import { schedules } from '../schedules/registry';
import { optionsOfGroup } from './groups';
import type {
  OptionConflict,
  OptionSpec,
  OptionSpecs,
  OptionsOf,
  RunDefault,
  RunListDefault,
} from './optionSpecs';
import { stepsPerEpochOf } from './readOptions';
import {
  type ClipConfig,
  type ConfigProblem,
  type Expectation,
  isNamedStart,
  type OptimizerConfig,
  type OptionValue,
  type RunConfig,
  type RunConfigPatch,
  type ScheduleConfig,
  type SwitchConfig,
} from './runConfig';
import { validatePatch } from './validate';

type Patch = Readonly<Record<string, unknown>>;

/**
 * Merges two layers of configuration, key by key (RFC 7396). Differences from the RFC: if a layer names
 * another optimizer or schedule, all options of the weaker one, including lr, are discarded. Clipping by
 * value and by norm replace each other. Steps and epochs also replace each other.
 */
export function mergePatches(weak: RunConfigPatch, strong: RunConfigPatch): RunConfigPatch {
  const merged: Record<string, unknown> = { ...weak };
  if (strong.epochs != null) delete merged.steps;
  if (strong.steps != null) delete merged.epochs;
  // The options of groups are those of the optimizer.
  const [below, above] = [weak.optimizer, strong.optimizer];
  if (weak.groups && above && replaces('optimizer', above, below ?? {})) delete merged.groups;
  for (const [key, value] of Object.entries(strong)) {
    if (value === undefined) continue;
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const both =
      isPlainObject(value) && isPlainObject(below) && !replaces(key, value, below)
        ? mergePatches(below as RunConfigPatch, value as RunConfigPatch)
        : value;
    // An assignment to a key named __proto__ would not create it, so validation could not refuse it.
    Object.defineProperty(merged, key, {
      value: both,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return merged as RunConfigPatch;
}

function replaces(key: string, strong: Patch, weak: Patch): boolean {
  if (key === 'clip') return true;
  // An optimizer of the user and one of the registry replace each other.
  if (key === 'optimizer' && strong.own !== undefined) return strong.own !== weak.own;
  if (key === 'optimizer' && weak.own !== undefined && 'name' in strong) return true;
  return 'name' in strong && strong.name !== (weak.name ?? (key === 'optimizer' ? 'adam' : 'constant'));
}

export interface Resolved {
  readonly config: RunConfig;
  readonly problems: readonly ConfigProblem[];
}

/**
 * The complete configuration of a run from its layers, weakest first. If there are problems, the
 * configuration holds defaults and must not be run.
 */
export function resolveConfig(layers: readonly RunConfigPatch[]): Resolved {
  const patch = layers.reduce(mergePatches, {});
  const problems = validatePatch(patch);
  if (problems.length > 0) return { config: complete({}, []), problems };
  const found: ConfigProblem[] = [];
  return { config: complete(patch, found), problems: found };
}

function complete(patch: RunConfigPatch, problems: ConfigProblem[]): RunConfig {
  const samples = patch.samples ?? null;
  const batch = patch.batch ?? null;
  const epochs = patch.epochs ?? null;
  if (samples === null && batch !== null) problems.push(missing('batch', 'samples'));
  if (samples === null && epochs !== null) problems.push(missing('epochs', 'samples'));
  if (samples !== null && batch !== null && batch > samples)
    problems.push({
      path: ['batch'],
      code: 'out-of-range',
      message: `batch must be at most samples (${samples}), got ${batch}`,
    });
  const perEpoch = stepsPerEpochOf({ samples, batch });
  const steps = patch.steps ?? (epochs === null ? 1000 : epochs * perEpoch);

  const optimizer = completeOptimizer(patch.optimizer ?? {}, ['optimizer']);

  let schedule: ScheduleConfig | null = null;
  if (patch.schedule) {
    const name = (patch.schedule.name ?? 'constant') as ScheduleConfig['name'];
    const definition = schedules[name];
    const lr = optimizer.lr as number;
    const isPerEpoch = patch.schedule.unit === 'epoch';
    if (isPerEpoch && samples === null)
      problems.push({
        path: ['schedule', 'unit'],
        code: 'missing',
        message:
          'unit=epoch needs samples: write @samples N with the number of samples of the loss, or remove unit=epoch',
      });
    const length = isPerEpoch ? Math.ceil(steps / perEpoch) : steps;
    const options = withDefaults(definition.options, patch.schedule, { steps: length, lr });
    report(['schedule'], definition.conflict?.(options, length));
    // Steps are not written, so that configurations recorded without a unit stay equal to new ones.
    const { unit: _, ...counted } = options;
    schedule = { name, ...(isPerEpoch ? options : counted) };
    const { cycled } = optimizers[optimizer.name];
    if (definition.cycles?.(options) && cycled === null)
      report(['schedule'], {
        option: 'cycleMomentum',
        message: `the schedule cycles beta1 or momentum, but ${optimizer.name} has neither; set cycleMomentum=false`,
      });
  }

  const named = patch.start && isNamedStart(patch.start) ? patch.start : null;
  const start = named ? Object.values(named) : ((patch.start as RunConfig['start']) ?? null);
  const names = patch.names ?? (named ? Object.keys(named) : null);
  const count = names && countOfNames(names);
  if (start && count !== null && count !== start.length)
    problems.push({
      path: ['names'],
      code: 'wrong-type',
      message: `names has ${count} ${count === 1 ? 'name' : 'names'}, but start has ${start.length} coordinates`,
    });

  return {
    optimizer,
    schedule,
    clip: clipOf(patch.clip),
    steps,
    epochs,
    start,
    names,
    seed: patch.seed ?? 0,
    gradientMode: patch.gradientMode ?? 'auto',
    samples,
    batch,
    validation: patch.validation ?? null,
    earlyStopping: patch.earlyStopping ? { patience: 10, minDelta: 0, ...patch.earlyStopping } : null,
    tolerance: patch.tolerance ?? null,
    precision: patch.precision ?? 'float64',
    lossScale: patch.lossScale ?? 1,
    switch: patch.switch ? completeSwitch(patch.switch) : null,
    expect: expectationOf(patch.expect ?? null, patch.maximize ?? false, problems),
    maximize: patch.maximize ?? false,
    groups: groupsOf(patch),
  };

  /** Every option of a group must be one of the optimizer, and the options of each group must agree. */
  function groupsOf({ groups = null }: RunConfigPatch): RunConfig['groups'] {
    if (groups === null || groups.length === 0) return null;
    const definition = optimizers[optimizer.name];
    const known = Object.keys(definition.options).filter((option) => option !== 'dialect');
    for (const [g, group] of groups.entries()) {
      const options = optionsOfGroup(group);
      const path = ['groups', String(g)];
      for (const option of Object.keys(options))
        if (!known.includes(option))
          problems.push({
            path: [...path, option],
            code: 'unknown-option',
            message: `${JSON.stringify(option)} is not an option of ${optimizer.name} that a group can have; these are: ${known.join(', ')}`,
          });
      report(path, definition.conflict?.({ ...optionsOf(optimizer), ...options }));
    }
    return groups;
  }

  function completeOptimizer(
    given: NonNullable<RunConfigPatch['optimizer']>,
    path: readonly string[],
  ): OptimizerConfig {
    const name = (given.name ?? 'adam') as OptimizerConfig['name'];
    const definition = optimizers[name];
    const own = definition.defaults?.(given as Partial<OptionsOf<OptionSpecs>>) ?? {};
    const options = withDefaults(definition.options, { ...own, ...withoutNulls(given) }, { steps, lr: 0 });
    report(path, definition.conflict?.(options));
    return { name, ...options, ...(given.own != null && { own: given.own }) };
  }

  function completeSwitch(given: NonNullable<RunConfigPatch['switch']>): SwitchConfig {
    const to = typeof given.to === 'string' ? { name: given.to } : (given.to ?? { name: 'sgd' });
    return {
      to: completeOptimizer(to, ['switch', 'to']),
      at: given.at ?? 'plateau',
      patience: given.patience ?? tenthOf(steps),
    };
  }

  function report(path: readonly string[], conflict: OptionConflict | null | undefined): void {
    if (conflict)
      problems.push({ path: [...path, conflict.option], code: 'out-of-range', message: conflict.message });
  }
}

/**
 * The smallest patch that resolves to a configuration: the names, the learning rate, and all values that are
 * not defaults. It is the part of the configuration that a person wants to read.
 */
export function essentials(config: RunConfig): RunConfigPatch {
  const essential: Record<string, unknown> = {};
  const bare = complete({ optimizer: dialectOf(config.optimizer), steps: config.steps }, []);
  essential.optimizer = essentialOptimizer(config.optimizer);
  if (config.schedule) {
    const { steps, samples, batch, schedule } = config;
    const { name, unit } = schedule;
    const named = complete(
      { ...essential, steps, samples, batch, schedule: { name, ...(unit && { unit }) } },
      [],
    );
    essential.schedule = {
      name,
      ...differing(schedule, named.schedule!),
      ...(unit && { unit }),
    };
  }
  if (config.switch) essential.switch = { ...config.switch, to: essentialOptimizer(config.switch.to) };
  const { optimizer: _, schedule: __, switch: ___, ...rest } = config;
  return { ...essential, ...differing(rest, bare), steps: config.steps };
}

function essentialOptimizer(config: OptimizerConfig): Patch {
  const bare = complete({ optimizer: dialectOf(config) }, []);
  const { name, lr, dialect: _, ...options } = config;
  return { ...dialectOf(config), lr, ...differing(options, bare.optimizer) };
}

/** The options that determine the defaults of the others. */
function dialectOf({ name, dialect = 'torch' }: OptimizerConfig): { readonly [key: string]: OptionValue } {
  return dialect === 'torch' ? { name } : { name, dialect };
}

/** The entries of `values` that differ from those of `defaults`. */
function differing(values: object, defaults: object): Patch {
  const known = new Map<string, unknown>(Object.entries(defaults));
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(known.get(key))),
  );
}

/** The options of a named thing, without its name. */
export function optionsOf(config: OptimizerConfig | ScheduleConfig): OptionsOf<OptionSpecs> {
  const { name: _, ...options } = config;
  return options as OptionsOf<OptionSpecs>;
}

function withDefaults(
  specs: OptionSpecs,
  given: Readonly<Record<string, OptionValue | null | undefined>>,
  run: { readonly steps: number; readonly lr: number },
): Record<string, OptionValue> {
  const values: Record<string, OptionValue> = {};
  for (const [option, spec] of Object.entries(specs)) values[option] = given[option] ?? defaultOf(spec, run);
  return values;
}

function defaultOf(spec: OptionSpec, { steps, lr }: { readonly steps: number; readonly lr: number }) {
  if (spec.kind === 'boolean' || spec.kind === 'choice' || typeof spec.default !== 'string')
    return spec.default;
  const fromRun: { readonly [D in RunDefault | RunListDefault]: OptionValue } = {
    steps,
    tenthOfSteps: tenthOf(steps),
    thirdOfSteps: Math.max(1, Math.floor(steps / 3)),
    halfAndThreeQuartersOfSteps: [
      ...new Set([0.5, 0.75].map((part) => Math.max(1, Math.floor(part * steps)))),
    ],
    lr,
  };
  return fromRun[spec.default];
}

function tenthOf(steps: number): number {
  return Math.max(1, Math.floor(steps / 10));
}

function withoutNulls<V>(given: Readonly<Record<string, V | null>>): Record<string, V> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

function clipOf(clip: RunConfigPatch['clip']): ClipConfig | null {
  if (clip?.norm != null) return { norm: clip.norm };
  if (clip?.value != null) return { value: clip.value };
  return null;
}

/** A run that maximizes expects a value above a limit. Any other comparison would be met at the wrong end. */
function expectationOf(
  expect: Expectation | null,
  maximize: boolean,
  problems: ConfigProblem[],
): Expectation | null {
  if (expect === null) return null;
  const { loss, steps = null, above = false } = expect;
  if (above && !maximize)
    problems.push({
      path: ['expect'],
      code: 'out-of-range',
      message: `loss>${loss} is for a run that maximizes: add @maximize, or write loss<${loss}`,
    });
  if (!above && maximize)
    problems.push({
      path: ['expect'],
      code: 'out-of-range',
      message: `the run maximizes, so it cannot expect a loss below a limit: write loss>${loss}`,
    });
  return { loss, steps, ...(above && { above }) };
}

function missing(key: string, needed: string): ConfigProblem {
  return {
    path: [key],
    code: 'missing',
    message: `${key} needs ${needed}: write @samples N with the number of samples of the loss`,
  };
}

function isPlainObject(value: unknown): value is Patch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
