import { checking } from '../checking';
import { cuts } from '../cuts';
import { fold, open, seed, total } from './accumulator';
import type { Runtime } from './api';
import { arithmetic } from './arithmetic';
import { comparison } from './compare';
import { accumulating, expression } from './expression';
import { foreign } from './foreign';
import { globals } from './globals';
import { sitedMath } from './math';
import { members } from './members';
import { valueMethods } from './valueMethods';

export type * from './api';

/** Sets the place of the call that computed `value`, and of its operations whose place is unknown. */
function at(value: unknown, site: number): unknown {
  if (checking.on) checking.locate(site);
  if (cuts.on) cuts.locate(site);
  return value;
}

/**
 * The runtime that instrumented code calls. One object per thread suffices, because evaluations never
 * overlap.
 */
export const $: Runtime = {
  ...arithmetic,
  ...comparison,
  ...members,
  ...globals,
  m: valueMethods,
  math: sitedMath,
  at,
  expression,
  accumulating,
  open,
  total,
  seed,
  fold,
  foreign,
};
