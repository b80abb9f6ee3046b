import type { OptionSpecs } from '../config/optionSpecs';
import { adabelief } from './adabelief';
import { adagrad } from './adagrad';
import { adam } from './adam';
import { adamax } from './adamax';
import { adamw } from './adamw';
import { nadam } from './nadam';
import type { OptimizerDefinition } from './optimizer';
import { radam } from './radam';
import { rmsprop } from './rmsprop';
import { sgd } from './sgd';
import { signsgd } from './signsgd';

export const optimizerNames = [
  'adam',
  'adamw',
  'sgd',
  'adagrad',
  'rmsprop',
  'adamax',
  'nadam',
  'radam',
  'adabelief',
  'signsgd',
] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/**
 * Every optimizer, by the name that users write. The type is widened: outside of an optimizer's own file, its
 * options are only known as values that `resolveConfig` has validated.
 */
export const optimizers: { readonly [N in OptimizerName]: OptimizerDefinition } = {
  adam: widen(adam),
  adamw: widen(adamw),
  sgd: widen(sgd),
  adagrad: widen(adagrad),
  rmsprop: widen(rmsprop),
  adamax: widen(adamax),
  nadam: widen(nadam),
  radam: widen(radam),
  adabelief: widen(adabelief),
  signsgd: widen(signsgd),
};

export function isOptimizerName(name: string): name is OptimizerName {
  return Object.hasOwn(optimizers, name);
}

function widen<S extends OptionSpecs>(definition: OptimizerDefinition<S>): OptimizerDefinition {
  return definition as unknown as OptimizerDefinition;
}
