import { defaultBudget, type SearchBudget } from '../core/verify/search/searchBudget';
import { BadInput } from './badInput';
import { numberOf } from './layers';

/** The flag and its meaning, for the help text. */
export const fixBudgetHelp =
  'limits of the search for fixes, <times the evaluations of the run>[,<seconds>], or 0 for none; a run under 100 steps counts as 100 (default: 60,10)';

/**
 * The limits of the search for fixes; null for no search.
 *
 * @throws BadInput if the flag is not one or two numbers
 */
export function budgetOf({ fixBudget }: { readonly fixBudget?: string }): SearchBudget | null {
  if (fixBudget === undefined) return defaultBudget;
  const [times = Number.NaN, seconds = defaultBudget.seconds, ...more] = fixBudget
    .split(',')
    .map((text) => numberOf('--fix-budget', text));
  if (more.length > 0 || !(times >= 0) || !(seconds >= 0))
    throw new BadInput(`--fix-budget must be like 60 or 60,10, got ${fixBudget}`);
  return times > 0 && seconds > 0 ? { times, seconds } : null;
}
