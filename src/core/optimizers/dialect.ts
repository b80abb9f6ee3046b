import { choice } from '../config/optionSpecs';

/** The framework or paper whose variant of an optimizer is used. Variants differ in defaults and results. */
export type Dialect = 'torch' | 'optax' | 'keras' | 'tfjs' | 'paper';

/** @param others  the dialects in addition to torch, which is the default */
export function dialectOption<const D extends Dialect>(others: readonly D[]) {
  return choice<'torch' | D>(
    ['torch', ...others],
    'Framework or paper whose variant is used. Variants differ in where eps is added, in bias correction, in weight decay, and in the defaults of the other options.',
  );
}
