import type { Verdict } from './verdict';

/** Headlines are at most this long. */
const mostCharacters = 90;
/** The names of the loss that the verdict is about. */
const plain: ReadonlySet<string> = new Set(['loss', 'objective']);

/**
 * A verdict with its best fix in the detail ("lr 0.08 reaches 0.0026 in the same 1000 steps.") and, on a run that is not
 * finished, also in the headline if there is space for it.
 *
 * @param steps  the steps of the configuration
 */
export function withProposal(verdict: Verdict, steps: number): Verdict {
  const { kind, headline, detail, fixes } = verdict;
  const words = fixes[0]?.words;
  if (!words) return verdict;
  // The verdict is about the loss of the steps.
  const loss = plain.has(words.loss) ? '' : `${words.loss} `;
  const short = `${words.label} reaches ${loss}${words.reached}`;
  const long = `${headline.slice(0, -1)}; ${short}.`;
  const limit = words.limit === undefined ? '' : ` (${words.limit})`;
  return {
    ...verdict,
    headline: kind === 'still-improving' && long.length <= mostCharacters && limit === '' ? long : headline,
    detail: `${detail} ${short} in ${words.t === steps ? 'the same ' : ''}${words.t} ${words.t === 1 ? 'step' : 'steps'}${limit}.`,
  };
}
