import { numberOption } from './config/readOptions';
import type { GroupConfig, OptionValue, RunConfig } from './config/runConfig';
import { coordinateNames } from './coordinates/coordinateNames';
import { countOfNames } from './coordinates/nameEntry';

/**
 * The options with which the steps of a coordinate θ are those of the same optimizer for θ/unit. With φ = θ/unit the
 * gradient by φ is unit · g, so
 *
 *   θ −= unit² lr g                        sgd: the direction of the step is the gradient
 *   θ −= unit lr m/(sqrt(v) + eps/unit)    optimizers that divide by the size of the gradient
 *
 * and lr · weightDecay stays the same where weight decay is decoupled. Coupled weight decay keeps its option: it is part of the
 * loss that is minimized. An approximation for AdaBelief, which also adds eps to v, for the unrectified first steps of RAdam, and for
 * a preset accumulator of Adagrad.
 *
 * @returns null if the optimizer has no learning rate above 0
 */
export function rescaledOptions(
  { optimizer }: Pick<RunConfig, 'optimizer'>,
  unit: number,
): Readonly<Record<string, OptionValue>> | null {
  const lr = numberOption(optimizer, 'lr') ?? 0;
  if (!(lr > 0)) return null;
  if (optimizer.name === 'sgd') return { lr: rounded(lr * unit * unit) };
  const eps = numberOption(optimizer, 'eps');
  const weightDecay = numberOption(optimizer, 'weightDecay') ?? 0;
  const isDecoupled = optimizer.name === 'adamw' || optimizer.name === 'adabelief';
  return {
    lr: rounded(lr * unit),
    ...(eps !== undefined && { eps: rounded(eps / unit) }),
    ...(isDecoupled && weightDecay > 0 && { weightDecay: rounded(weightDecay / unit) }),
  };
}

/** A group of more coordinates is written by the ranges of their indices. */
const mostNames = 20;

/**
 * The parameter groups that rescale each coordinate to its unit; coordinates of unit 1 are in none.
 *
 * @param units  shape [dim], each above 0
 */
export function rescaledGroups(config: RunConfig, units: readonly number[]): GroupConfig[] {
  const isNamed = config.names !== null && countOfNames(config.names) === units.length;
  const nameOf = isNamed ? coordinateNames(config.names, null, units.length) : null;
  return [...new Set(units)].flatMap((unit) => {
    const options = unit === 1 ? null : rescaledOptions(config, unit);
    if (!options) return [];
    const members = [...units.keys()].filter((i) => units[i] === unit);
    const isByName = nameOf !== null && members.length <= mostNames;
    return [{ ...(isByName ? { names: members.map(nameOf) } : { ranges: rangesOf(members) }), ...options }];
  });
}

/** @param members  ascending */
function rangesOf(members: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const i of members) {
    const last = ranges.at(-1);
    if (last && last[1] === i - 1) last[1] = i;
    else ranges.push([i, i]);
  }
  return ranges;
}

/** A product of powers of ten, without the last digits in which it rounds. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
