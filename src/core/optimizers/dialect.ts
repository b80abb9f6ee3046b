import { choice } from '../config/optionSpecs';

/** Whose form of an optimizer it is: they share a name, and neither defaults nor results. */
export type Dialect = 'torch' | 'optax' | 'keras' | 'tfjs' | 'paper';

/** @param others  beside torch's, which is the default */
export function dialectOption<const D extends Dialect>(others: readonly D[]) {
  return choice<'torch' | D>(
    ['torch', ...others],
    'Whose form of the optimizer: where eps is added, what is corrected, how weights decay, and the defaults of the other options.',
  );
}
