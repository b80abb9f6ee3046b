import type { TieName } from '../rules';
import { noSite } from '../sites';
import { tape } from '../tape';
import { tieOf } from '../ties';
import { edge, Traced } from '../traced';
import type { CallRule, RuledCall } from './callRule';
import { isList, leavesOf } from './leaves';
import type { Partials } from './specialFunctions';
import { atTie, recorded } from './writtenRule';

type Record = (call: RuledCall) => unknown;

/** A built-in rule. `covers` is asked for arguments that are numbers and nested lists of numbers. */
export function builtInRule(functionName: string, covers: CallRule['covers'], record: Record): CallRule {
  const title = `the built-in derivative of ${functionName}`;
  return { title, functionName, site: noSite, covers, record };
}

/**
 * A function that applies an operation to numbers at the same place in nested lists of the same shape: `add([a, b], [c, d])`. A
 * number in place of a list is used for all its elements.
 *
 * @param kink  the operation of the table that it is, if it is one with ties
 */
export function pointwiseRule(
  functionName: string,
  partials: Partials,
  kink: TieName | null = null,
): CallRule {
  const at = (call: RuledCall, i: number): RuledCall => ({
    ...call,
    args: call.args.map((each) => (isList(each) ? each[i] : each)),
    plain: call.plain.map((each) => (isList(each) ? each[i] : each)),
    value: (call.value as ArrayLike<unknown>)[i],
  });
  const record: Record = (call) => {
    const { args, plain, value } = call;
    if (isList(value)) return Array.from(value, (_, i) => record(at(call, i)));
    const tie = kink && tieOf(kink, args as (number | Traced)[], value as number);
    if (tie) return atTie(call, tie);
    const before = tape.edges;
    for (const [i, each] of args.entries())
      if (each instanceof Traced) edge(each.tapeIndex, partials[i]!(plain as number[], value as number));
    return recorded(call, before);
  };
  return builtInRule(functionName, (args) => args.length === partials.length, record);
}

/** The node of a function of a list, if it has a kink and a tie there. */
type ListTie = (xs: readonly (number | Traced)[], value: number) => Traced | null;

/**
 * A function that makes one number of a list.
 *
 * @param partial  by one of the numbers `xs`
 */
export function reducingRule(
  functionName: string,
  partial: (xs: readonly number[], i: number, value: number) => number,
  {
    allowsNested = false,
    tie = null,
  }: { readonly allowsNested?: boolean; readonly tie?: ListTie | null } = {},
): CallRule {
  const covers: CallRule['covers'] = (args) =>
    args.length === 1 && isList(args[0]) && (allowsNested || !Array.from(args[0]).some(isList));
  return builtInRule(functionName, covers, (call) => {
    const made = tie?.(leavesOf(call.args[0]) as (number | Traced)[], call.value as number);
    if (made) return atTie(call, made);
    const before = tape.edges;
    const xs = leavesOf(call.plain[0]) as number[];
    for (const [i, each] of leavesOf(call.args[0]).entries())
      if (each instanceof Traced) edge(each.tapeIndex, partial(xs, i, call.value as number));
    return recorded(call, before);
  });
}
