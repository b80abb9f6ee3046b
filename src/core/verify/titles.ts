import type { FixWords } from '../diagnosis/finding';
import { formatNumber } from '../numerics/format';
import { aims } from './aims';
import type { Comparison } from './judge';

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
