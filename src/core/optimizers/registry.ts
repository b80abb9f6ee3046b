import type { OptionSpecs } from '../config/options';
import { adam } from './adam';
import { adamw } from './adamw';
import type { OptimizerDefinition } from './optimizer';
import { sgd } from './sgd';

export const optimizerNames = ['adam', 'adamw', 'sgd'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/**
 * Every optimizer, by the name that users write. Outside its own file an optimizer's options are known only as
 * validated values, hence the widened type; `resolveConfig` is what makes them valid.
 */
export const optimizers: { readonly [N in OptimizerName]: OptimizerDefinition } = {
  adam: widen(adam),
  adamw: widen(adamw),
  sgd: widen(sgd),
};

export function isOptimizerName(name: string): name is OptimizerName {
  return Object.hasOwn(optimizers, name);
}

function widen<S extends OptionSpecs>(definition: OptimizerDefinition<S>): OptimizerDefinition {
  return definition as unknown as OptimizerDefinition;
}
