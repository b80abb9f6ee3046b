import type { TieName } from '../rules';
import { tape } from '../tape';
import { tieOf } from '../ties';
import { edge, Traced } from '../traced';
import type { CallRule } from './callRule';
import { isList } from './leaves';
import { builtInRule } from './listRules';
import type { Partials } from './specialFunctions';
import { atTie, recorded } from './writtenRule';

/**
 * The built-in rule of a function of numbers that returns a number.
 *
 * @param kink  see `pointwiseRule`
 */
export function scalarRule(functionName: string, partials: Partials, kink: TieName | null = null): CallRule {
  // `map` passes an index and the list too, which the function ignores.
  const covers: CallRule['covers'] = (args) =>
    args
      .slice(0, partials.length)
      .every((each, i) => !isList(each) && (!(each instanceof Traced) || partials[i] != null));
  return builtInRule(functionName, covers, (call) => {
    const { args, plain, value } = call;
    const tie = kink && tieOf(kink, args.slice(0, partials.length) as (number | Traced)[], value as number);
    if (tie) return atTie(call, tie);
    const before = tape.edges;
    for (const [i, each] of args.slice(0, partials.length).entries())
      if (each instanceof Traced) edge(each.tapeIndex, partials[i]!(plain as number[], value as number));
    return recorded(call, before);
  });
}
