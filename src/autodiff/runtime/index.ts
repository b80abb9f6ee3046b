import { checking } from '../checking';
import { cuts } from '../cuts';
import { dataBindings } from '../dataBindings';
import { Traced } from '../traced';
import { fold, open, seed, total } from './accumulator';
import type { Runtime } from './api';
import { arithmetic } from './arithmetic';
import { trustFunctionsOf } from './callees';
import { comparison } from './compare';
import { accumulating, expression } from './expression';
import { argumentsFor, callback } from './foreign';
import { globals } from './globals';
import { foldSum, iteratesElements, loopSum } from './loopSum';
import { looseMembers } from './looseMembers';
import { sitedMath } from './math';
import { members } from './members';
import { evaluated, refused, within } from './opaque';
import { calledByEngine, callee, derivative, receiver } from './ruledCalls';
import { bound, detached, detachedMembers, valueMethods } from './valueMethods';

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
  loose: looseMembers,
  m: valueMethods,
  detached,
  detachedMembers,
  math: sitedMath,
  at,
  bound,
  evaluated,
  within,
  refused,
  expression,
  accumulating,
  open,
  total,
  seed,
  fold,
  loopSum,
  foldSum,
  iteratesElements,
  checks: checking,
  argumentsFor,
  callback: (fn, site) => callback(calledByEngine(fn, site), site),
  callee,
  receiver,
  derivative,
  shown: (variables) => dataBindings.show(variables),
  settled: () => dataBindings.settle(),
};

for (const own of [$, Traced]) trustFunctionsOf(own);
