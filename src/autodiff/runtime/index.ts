import { checking } from '../checking';
import { cuts } from '../cuts';
import type { Runtime } from './api';
import { arithmetic } from './arithmetic';
import { comparison } from './compare';
import { expression } from './expression';
import { foreign } from './foreign';
import { globals } from './globals';
import { sitedMath } from './math';
import { members } from './members';
import { valueMethods } from './valueMethods';

export type * from './api';

/** The call that made `value` is at `site`, and so are the operations in it that do not know their place. */
function at(value: unknown, site: number): unknown {
  if (checking.on) checking.locate(site);
  if (cuts.on) cuts.locate(site);
  return value;
}

/** What rewritten code calls. One object a thread: one evaluation runs at a time. */
export const $: Runtime = {
  ...arithmetic,
  ...comparison,
  ...members,
  ...globals,
  m: valueMethods,
  math: sitedMath,
  at,
  expression,
  foreign,
};
