import { checking } from '../checking';
import { noSite } from '../sites';
import { tape } from '../tape';
import type { Runtime } from './api';
import { arithmetic } from './arithmetic';
import { comparison } from './compare';
import { foreign } from './foreign';
import { globals } from './globals';
import { sitedMath } from './math';
import { members } from './members';
import { valueMethods } from './valueMethods';

export type * from './api';

/** The call that made `value` is at `site`, and so are the nodes that it made without knowing their place. */
function at(value: unknown, site: number): unknown {
  const { sites } = tape;
  for (let node = tape.length - 1; node >= 0 && sites[node] === noSite; node--) sites[node] = site;
  if (checking.on) checking.locate(site);
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
  foreign,
};
