import type { FixWords } from '../diagnosis/finding';
import { formatNumber } from '../numerics/format';
import { aims } from './aims';
import type { Comparison, FixRefusal } from './judge';

const usualDigits = 3;
const mostDigits = 9;

/**
 * What comes of a fix, its best loss, and what the run does as it is. With as many digits as tell the losses apart, that of
 * the start too.
 */
export function fixWords(label: string, { finding, twin, trial, startLoss }: Comparison): FixWords {
  const { best } = trial.outcome;
  const now = (digits: number) => aims[finding.code].now(finding, twin, digits);
  const reached = (digits: number) => formatNumber(best.loss, digits);
  let digits = usualDigits;
  const isTheSame = () =>
    now(digits).endsWith(` ${reached(digits)}`) || reached(digits) === formatNumber(startLoss, digits);
  while (digits < mostDigits && isTheSame()) digits++;
  return { label, reached: reached(digits), t: best.t, now: now(digits) };
}

/** "reaches 3.1e-9 in 412 steps; now: diverges at 12" */
export function outcomeSentence({ reached, t, now }: FixWords): string {
  return `reaches ${reached} in ${t} ${t === 1 ? 'step' : 'steps'}; now: ${now}`;
}

const refusalWords: { readonly [R in FixRefusal]: string } = {
  'ends-early': 'the run does not get to its end',
  harms: 'something else goes wrong',
  errs: 'there is still an error',
  stays: 'it is still there',
  'gains-nothing': 'the run ends no lower than it began',
  'not-lower': 'the run ends no lower than it does now',
  higher: 'the run ends higher than it does now',
};

/** "3 fixes tried, none helps: with 2 the run ends no lower than it does now, with 1 it is still there" */
export function refusalSentence(refusals: readonly FixRefusal[]): string {
  const counts = new Map<FixRefusal, number>();
  for (const refusal of refusals) counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
  const reasons = [...counts].sort(([, a], [, b]) => b - a);
  const total = refusals.length;
  if (total === 1) return `1 fix tried, it does not help: ${refusalWords[refusals[0]!]}`;
  const which = (count: number) =>
    count === total ? (total === 2 ? 'with both' : 'with each') : `with ${count}`;
  const words = reasons.map(([refusal, count]) => `${which(count)} ${refusalWords[refusal]}`);
  return `${total} fixes tried, none helps: ${words.join(', ')}`;
}

/** Of a finding that the unchanged run does not have. */
export const notSeenAgain =
  'run again as it is, this did not happen: there was nothing to compare fixes with';
