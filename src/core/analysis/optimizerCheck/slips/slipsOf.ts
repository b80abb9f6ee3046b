import { optionsOf } from '../../../config/resolve';
import type { OptimizerConfig } from '../../../config/runConfig';
import { type OptimizerName, optimizers } from '../../../optimizers/registry';
import type { Options } from '../stepper';
import { adagradSlips } from './adagradSlips';
import { adamSlips, type Weights } from './adamSlips';
import { generalSlips } from './generalSlips';
import { rmspropSlips } from './rmspropSlips';
import { sgdSlips } from './sgdSlips';
import type { Slip } from './slip';

const none = () => [];

/** Common errors in an optimizer's own formulas. */
const ownSlips: { readonly [N in OptimizerName]: (options: Options) => Slip[] } = {
  adam: (options) => adamSlips(options, weightsOf('adam', options)),
  adamw: (options) => adamSlips(options, weightsOf('adamw', options)),
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
export function slipsOf(reference: OptimizerConfig): Slip[] {
  return [...ownSlips[reference.name](optionsOf(reference)), ...generalSlips(reference)];
}
