import { resolveConfig } from '../core/config/resolve';
import type { OptionValue, RunConfig } from '../core/config/runConfig';
import { type OptimizerName, optimizers } from '../core/optimizers/registry';

type TorchOptions = Readonly<Record<string, unknown>>;
type OurOptions = Readonly<Record<string, OptionValue>>;

/** An option of torch that has the same meaning here, if the optimizer has it: [torch's name, ours]. */
const sameOptions: readonly (readonly [string, string])[] = [
  ['eps', 'eps'],
  ['weight_decay', 'weightDecay'],
  ['momentum', 'momentum'],
  ['dampening', 'dampening'],
  ['nesterov', 'nesterov'],
  ['amsgrad', 'amsgrad'],
  ['alpha', 'alpha'],
  ['centered', 'centered'],
  ['lr_decay', 'lrDecay'],
  ['initial_accumulator_value', 'initialAccumulatorValue'],
  ['momentum_decay', 'momentumDecay'],
];

/** The optimizers of torch that are in the registry, by their classes. */
const classes: Readonly<Record<string, OptimizerName>> = {
  Adam: 'adam',
  AdamW: 'adamw',
  NAdam: 'nadam',
  RAdam: 'radam',
  Adamax: 'adamax',
  RMSprop: 'rmsprop',
  Adagrad: 'adagrad',
  SGD: 'sgd',
};

/**
 * The configuration of a run whose optimizer is that of a parameter group of torch.
 *
 * @returns null for an optimizer, or options, that the registry does not have: then nothing is derived from its formula
 */
export function configOfGroup(module: string, optimizer: string, group: TorchOptions): RunConfig | null {
  const name = module.startsWith('torch.optim') ? nameOf(optimizer, group) : undefined;
  if (name === undefined) return null;
  const { config, problems } = resolveConfig([
    {
      optimizer: { name, ...lrOf(group), ...betasOf(name, group), ...ours(name, group) },
      ...(group.maximize === true && { maximize: true }),
    },
  ]);
  return problems.length === 0 ? config : null;
}

function nameOf(optimizer: string, group: TorchOptions): OptimizerName | undefined {
  const name = Object.hasOwn(classes, optimizer) ? classes[optimizer] : undefined;
  // AdamW sets the option too. Of the others, it makes variants that the registry does not have.
  if (group.decoupled_weight_decay !== true || name === 'adamw') return name;
  return name === 'adam' ? 'adamw' : undefined;
}

function lrOf({ lr }: TorchOptions): OurOptions {
  return typeof lr === 'number' && lr > 0 ? { lr } : {};
}

function betasOf(name: OptimizerName, { betas }: TorchOptions): OurOptions {
  if (!Array.isArray(betas) || name === 'sgd') return {};
  const [beta1, beta2] = betas as readonly unknown[];
  return typeof beta1 === 'number' && typeof beta2 === 'number' ? { beta1, beta2 } : {};
}

function ours(name: OptimizerName, group: TorchOptions): OurOptions {
  const known = new Set(optionNames(name));
  return Object.fromEntries(
    sameOptions.flatMap(([theirs, own]): [string, OptionValue][] => {
      const value = group[theirs];
      return known.has(own) && (typeof value === 'number' || typeof value === 'boolean')
        ? [[own, value]]
        : [];
    }),
  );
}

function optionNames(name: OptimizerName): string[] {
  return Object.keys(optimizers[name].options);
}
