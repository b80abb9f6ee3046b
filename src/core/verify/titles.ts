import { formatNumber } from '../numerics/format';
import { aims } from './aims';
import type { Comparison } from './judge';

const usualDigits = 3;
const mostDigits = 9;

/** What a fix does and what comes of it: "lr 0.02: reaches 3.1e-9 in 412 steps; now: diverges at 12". */
export function verifiedTitle(label: string, comparison: Comparison): string {
  return `${label}: ${outcomeWords(comparison)}`;
}

/** "reaches 3.1e-9 in 412 steps; now: diverges at 12". As many digits as tell the losses apart, the start's too. */
function outcomeWords({ finding, twin, trial, startLoss }: Comparison): string {
  const { best } = trial.outcome;
  const now = (digits: number) => aims[finding.code].now(finding, twin, digits);
  const reached = (digits: number) => formatNumber(best.loss, digits);
  let digits = usualDigits;
  const isTheSame = () =>
    now(digits).endsWith(` ${reached(digits)}`) || reached(digits) === formatNumber(startLoss, digits);
  while (digits < mostDigits && isTheSame()) digits++;
  return `reaches ${reached(digits)} in ${best.t} ${best.t === 1 ? 'step' : 'steps'}; now: ${now(digits)}`;
}
