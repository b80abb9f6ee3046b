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
  const after = `reaches ${reached(digits)} in ${best.t} ${best.t === 1 ? 'step' : 'steps'}`;
  return { label, after, now: now(digits) };
}

export function verifiedTitle({ label, after, now }: FixWords): string {
  return `${label}: ${after}; now: ${now}`;
}
