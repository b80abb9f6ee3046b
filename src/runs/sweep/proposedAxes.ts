import { optionPath, textOfValue, valueAt } from '../../core/config/optionPath';
import type { RunConfig } from '../../core/config/runConfig';
import { optimizers } from '../../core/optimizers/registry';
import { schedules } from '../../core/schedules/registry';

/** An option with the values that a sweep of it proposes, in the syntax of `axisOf`: "optimizer.lr=0.001,0.01,0.1". */
export interface ProposedAxis {
  /** "lr", "schedule.tMax", "steps": the short form of its path. */
  readonly name: string;
  readonly text: string;
}

/** The second option of a sweep, by what the optimizer has. */
const secondOptions = ['beta2', 'alpha', 'momentum', 'eps'];

/** The two options that a sweep changes unless others are chosen: lr, and what averages the squared gradients, or momentum. */
export function defaultAxes(config: RunConfig): readonly [ProposedAxis, ProposedAxis | null] {
  const all = proposedAxes(config);
  const second = secondOptions.find((option) => all.some(({ name }) => name === option));
  return [all.find(({ name }) => name === 'lr')!, all.find(({ name }) => name === second) ?? null];
}

/** Every option that a sweep can change, with values around the present one, which is among them. */
export function proposedAxes(config: RunConfig): ProposedAxis[] {
  const numeric = (prefix: string, specs: Readonly<Record<string, { readonly kind: string }>>) =>
    Object.entries(specs)
      .filter(([, { kind }]) => kind === 'number' || kind === 'integer')
      .map(([option, { kind }]) => axisFor(config, `${prefix}${option}`, kind === 'integer'));
  return [
    ...numeric('', optimizers[config.optimizer.name].options),
    ...(config.schedule ? numeric('schedule.', schedules[config.schedule.name].options) : []),
    ...['steps', 'seed', ...(config.batch === null ? [] : ['batch'])].map((name) =>
      axisFor(config, name, true),
    ),
    ...(config.clip && 'norm' in config.clip ? [axisFor(config, 'clip.norm', false)] : []),
  ];
}

function axisFor(config: RunConfig, name: string, isCount: boolean): ProposedAxis {
  const path = optionPath(name).join('.');
  const present = valueAt(config, path);
  const values = typeof present === 'number' ? valuesAround(name, present, isCount) : [];
  return { name, text: `${path}=${values.map(textOfValue).join(',')}` };
}

/** Shares of memory: 1 - value is what matters. */
const memories = ['beta1', 'beta2', 'alpha', 'momentum', 'dampening'];

function valuesAround(name: string, present: number, isCount: boolean): number[] {
  const isMemory = memories.includes(name);
  const usual =
    name === 'seed'
      ? [0, 1, 2, 3, 4]
      : isMemory
        ? name === 'beta2' || name === 'alpha'
          ? [0.9, 0.99, 0.999, 0.9999]
          : [0, 0.5, 0.9, 0.99]
        : name === 'weightDecay' || name === 'lrDecay'
          ? [0, 1e-4, 1e-3, 1e-2, 0.1]
          : [];
  if (usual.length > 0) return [...new Set([...usual, present])].toSorted((a, b) => a - b);
  if (present <= 0) return [present];
  const factors = name === 'lr' ? [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2] : [-1, -0.5, 0, 0.5, 1];
  const around = factors.map((power) => (power === 0 ? present : rounded(present * 10 ** power)));
  return [...new Set(isCount ? around.map((value) => Math.max(1, Math.round(value))) : around)];
}

/** Short enough to be read: two digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
