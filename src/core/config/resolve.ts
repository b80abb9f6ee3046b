import { optimizers } from '../optimizers/registry';
import { schedules } from '../schedules/registry';
import type { OptionConflict, OptionSpecs, OptionsOf, RunDefault } from './options';
import type {
  ClipConfig,
  ConfigProblem,
  OptimizerConfig,
  OptionValue,
  RunConfig,
  RunConfigPatch,
  ScheduleConfig,
} from './runConfig';
import { validatePatch } from './validate';

type Patch = Readonly<Record<string, unknown>>;

/**
 * Merges two layers of configuration, key by key (RFC 7396). Departures: a layer that names another optimizer or
 * schedule discards the options of the weaker one, lr too; clipping by value and by norm replace one another, and so do
 * steps and epochs.
 */
export function mergePatches(weak: RunConfigPatch, strong: RunConfigPatch): RunConfigPatch {
  const merged: Record<string, unknown> = { ...weak };
  if (strong.epochs != null) delete merged.steps;
  if (strong.steps != null) delete merged.epochs;
  for (const [key, value] of Object.entries(strong)) {
    if (value === undefined) continue;
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const both =
      isPlainObject(value) && isPlainObject(below) && !replaces(key, value, below)
        ? { ...below, ...value }
        : value;
    // Defined, not assigned: a key called __proto__ must be there to be refused.
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
  return 'name' in strong && strong.name !== (weak.name ?? (key === 'optimizer' ? 'adam' : 'constant'));
}

export interface Resolved {
  readonly config: RunConfig;
  readonly problems: readonly ConfigProblem[];
}

/**
 * The whole configuration of a run from its layers, weakest first. With problems the configuration holds the
 * defaults in the places at fault and must not be run.
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
      message: `batch is at most samples (${samples}), got ${batch}`,
    });
  const perEpoch = samples === null ? 1 : Math.ceil(samples / (batch ?? samples));
  const steps = patch.steps ?? (epochs === null ? 1000 : epochs * perEpoch);

  const optimizerName = (patch.optimizer?.name ?? 'adam') as OptimizerConfig['name'];
  const optimizer = optimizers[optimizerName];
  const optimizerOptions = withDefaults(optimizer.options, patch.optimizer ?? {}, { steps, lr: 0 });
  report('optimizer', optimizer.conflict?.(optimizerOptions));

  let schedule: ScheduleConfig | null = null;
  if (patch.schedule) {
    const name = (patch.schedule.name ?? 'constant') as ScheduleConfig['name'];
    const options = withDefaults(schedules[name].options, patch.schedule, {
      steps,
      lr: optimizerOptions.lr as number,
    });
    report('schedule', schedules[name].conflict?.(options));
    schedule = { name, ...options };
  }

  const start = patch.start ?? null;
  const names = patch.names ?? null;
  if (start && names && names.length !== start.length)
    problems.push({
      path: ['names'],
      code: 'wrong-type',
      message: `names gives ${names.length} names for ${start.length} coordinates`,
    });

  return {
    optimizer: { name: optimizerName, ...optimizerOptions },
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
    expect: patch.expect ?? null,
  };

  function report(what: 'optimizer' | 'schedule', conflict: OptionConflict | null | undefined): void {
    if (conflict)
      problems.push({ path: [what, conflict.option], code: 'out-of-range', message: conflict.message });
  }
}

/**
 * The least patch that resolves to a configuration: names and learning rate, and whatever is not the default. What a
 * person wants to read of a run's configuration.
 */
export function essentials(config: RunConfig): RunConfigPatch {
  const essential: Record<string, unknown> = {};
  const bare = complete({ optimizer: { name: config.optimizer.name }, steps: config.steps }, []);
  const { name, lr, ...options } = config.optimizer;
  essential.optimizer = { name, lr, ...differing(options, bare.optimizer) };
  if (config.schedule) {
    const named = complete(
      { ...essential, steps: config.steps, schedule: { name: config.schedule.name } },
      [],
    );
    essential.schedule = { name: config.schedule.name, ...differing(config.schedule, named.schedule!) };
  }
  const { optimizer: _, schedule: __, ...rest } = config;
  return { ...essential, ...differing(rest, bare), steps: config.steps };
}

/** The entries of `values` that are not those of `defaults`. */
function differing(values: object, defaults: object): Patch {
  const known = new Map<string, unknown>(Object.entries(defaults));
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== known.get(key)));
}

/** The options of a named thing, without its name. */
export function optionsOf(config: OptimizerConfig | ScheduleConfig): OptionsOf<OptionSpecs> {
  const { name: _, ...options } = config;
  return options as OptionsOf<OptionSpecs>;
}

function withDefaults(
  specs: OptionSpecs,
  given: Readonly<Record<string, OptionValue | string | null>>,
  run: { readonly steps: number; readonly lr: number },
): Record<string, OptionValue> {
  const fromRun: { readonly [D in RunDefault]: number } = {
    steps: run.steps,
    tenthOfSteps: Math.max(1, Math.floor(run.steps / 10)),
    lr: run.lr,
  };
  const values: Record<string, OptionValue> = {};
  for (const [option, spec] of Object.entries(specs)) {
    const fallback = typeof spec.default === 'string' ? fromRun[spec.default] : spec.default;
    values[option] = (given[option] ?? fallback) as OptionValue;
  }
  return values;
}

function clipOf(clip: RunConfigPatch['clip']): ClipConfig | null {
  if (clip?.norm != null) return { norm: clip.norm };
  if (clip?.value != null) return { value: clip.value };
  return null;
}

function missing(key: string, needed: string): ConfigProblem {
  return {
    path: [key],
    code: 'missing',
    message: `${key} needs ${needed}: say how many samples the loss has (@samples N)`,
  };
}

function isPlainObject(value: unknown): value is Patch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
