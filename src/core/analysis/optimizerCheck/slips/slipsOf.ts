import { optionsOf } from '../../../config/resolve';
import type { OptimizerConfig } from '../../../config/runConfig';
import { type OptimizerName, optimizers } from '../../../optimizers/registry';
import type { Options } from '../stepper';
import { adagradSlips } from './adagradSlips';
import { adamPairs, adamSlips } from './adamSlips';
import type { Weights } from './adamText';
import { generalSlips } from './generalSlips';
import { lrSlips } from './lrSlips';
import { rmspropSlips } from './rmspropSlips';
import type { SeenPath } from './seenPath';
import { sgdSlips } from './sgdSlips';
import type { Slip } from './slip';

const none = () => [];

/** Common errors in an optimizer's own formulas. */
const ownSlips: { readonly [N in OptimizerName]: (options: Options, path: SeenPath) => Slip[] } = {
  adam: (options, path) => adamSlips(options, weightsOf('adam', options), path),
  adamw: (options, path) => adamSlips(options, weightsOf('adamw', options), path),
  sgd: sgdSlips,
  rmsprop: rmspropSlips,
  adagrad: adagradSlips,
  adamax: none,
  nadam: none,
  radam: none,
  adabelief: none,
  signsgd: none,
};

function weightsOf(name: OptimizerName, options: Options): Weights {
  const { decay, l2 } = optimizers[name];
  return { decay: decay(options.lr as number, options), l2: l2(options) };
}

/** All known errors and variants of a step that should equal the reference. */
export function slipsOf(reference: OptimizerConfig, path: SeenPath): Slip[] {
  return [
    ...ownSlips[reference.name](optionsOf(reference), path),
    ...generalSlips(reference),
    ...lrSlips(reference, path),
  ];
}

/** Two errors at once, where the formula of the optimizer has parts that can be changed separately. */
export function pairsOf({ name, ...options }: OptimizerConfig): Slip[] {
  return name === 'adam' || name === 'adamw'
    ? adamPairs(options as Options, weightsOf(name, options as Options))
    : [];
}
