import { numberOption } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';

/** The option that sets the share of the last update, or of the last mean gradient, in the next one; 0 without one. */
export function momentumOf({ optimizer }: RunConfig): { readonly name: string; readonly value: number } {
  const name = numberOption(optimizer, 'beta1') === undefined ? 'momentum' : 'beta1';
  return { name, value: numberOption(optimizer, name) ?? 0 };
}
