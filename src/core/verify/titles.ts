import { directionOf, lossWord, turned } from '../ascent';
import type { Fix, FixWords } from '../diagnosis/finding';
import { formatNumber } from '../numerics/format';
import { standardErrorOf } from './expectedEnd';
import { nowOf } from './fixTarget';
import { asMeasured, type Comparison, endsAboveBest, type FixRefusal } from './judge';
import { finalLossOf, finalLossWord } from './watcher';

const usualDigits = 3;
const mostDigits = 9;

/**
 * The loss that a fix reaches at its end, and what the current configuration leads to; where that was better before the run
 * broke, its best loss, too. With enough digits to
 * distinguish the compared losses, including the loss at the start. An expected loss is an estimate: it is stated as "about", and with no
 * more digits than its standard error allows, unless more are needed to distinguish it. The difference is more exact
 * than the values, because both are estimated with the same draws.
 */
export function fixWords(label: string, comparison: Comparison): FixWords {
  const { target, baseline, startLoss, measured } = comparison;
  const trial = asMeasured(comparison);
  const final = finalLossOf(trial);
  const now = nowOf(target, baseline);
  const others = [startLoss, ...(now.loss === null ? [] : [now.loss])];
  const direction = directionOf(baseline.config);
  const error = trial.expected ? standardErrorOf(trial.expected) : 0;
  const shown = (loss: number) => formatNumber(turned(loss, direction), digits);
  const about = (loss: number) => (error > 0 ? `about ${shown(loss)}` : shown(loss));
  let digits = digitsOf(final, error);
  const isTheSame = () => others.some((other) => shown(other) === shown(final));
  while (digits < mostDigits && isTheSame()) digits++;
  const { best } = baseline.outcome;
  const [higher, word] = [direction === 1 ? 'lower' : 'higher', lossWord(baseline.config)];
  const before = endsAboveBest(comparison)
    ? `, after a ${higher} ${word} of ${shown(best.loss)} at t = ${best.t}`
    : '';
  return {
    label,
    // The edited program has another value there.
    loss: `${measured ? 'unedited ' : ''}${finalLossWord(trial)}`,
    reached: about(final),
    t: trial.outcome.steps,
    now: `${now.loss === null ? now.words : `${now.words} ${about(now.loss)}`}${before}`,
  };
}

/** The digits of an estimate down to the first one of its standard error: at least 1, at most 3. */
function digitsOf(value: number, standardError: number): number {
  if (!(standardError > 0) || value === 0) return usualDigits;
  const exponent = (each: number) => Math.floor(Math.log10(Math.abs(each)));
  return Math.max(1, Math.min(usualDigits, exponent(value) - exponent(standardError) + 1));
}

/** "reaches loss 3.1e-9 in 412 steps; now: diverges at step 12" */
export function outcomeSentence({ loss, reached, t, now, limit }: FixWords): string {
  const within = `${t} ${t === 1 ? 'step' : 'steps'}${limit === undefined ? '' : ` (${limit})`}`;
  return `reaches ${loss} ${reached} in ${within}; now: ${now}`;
}

/**
 * What the trial of a fix does not show; undefined if there is nothing. Another configuration may only postpone the step at which
 * the parameters leave the domain of the loss, and one that needs an exact learning rate is a matter of luck.
 */
export function limitOf(fix: Fix, { target, isIsolated }: Comparison): string | undefined {
  const leavesDomain = target.kind === 'finding' && /^non-finite-/.test(target.finding.code);
  const limits = [
    ...(leavesDomain && !fix.edit ? ['later steps not tried'] : []),
    ...(isIsolated ? ['at this value only: lr 0.8x and 1.25x do not reach it'] : []),
  ];
  return limits.length > 0 ? limits.join('; ') : undefined;
}

/** Why a fix is refused, for a run that minimizes. */
const refusalWords: { readonly [R in FixRefusal]: string } = {
  'ends-early': 'the run ends early',
  'ends-badly': 'the run ends unstable, diverged or broken',
  leaps: 'the loss rises far above the start before it falls',
  'stops-before': 'the run stops before the lowest loss that is reached now',
  harms: 'another problem appears or becomes worse',
  errs: 'an error remains',
  guarded: 'the run ends outside the domain, where the loss depends on the constant of the guard',
  'other-problem': 'the edited program could not be shown to be the same problem in other units',
  differs: 'the loss itself is not lower than now where the run with the smooth form ends',
  stays: 'the finding remains',
  'gains-nothing': 'the final loss is not below that of the start',
  'not-lower': 'the final loss is not lower than now',
  higher: 'the final loss is higher than now',
};

const ascentRefusals: { readonly [R in FixRefusal]?: string } = {
  leaps: 'the objective falls far below the start before it rises',
  'stops-before': 'the run stops before the highest objective that is reached now',
  'gains-nothing': 'the final objective is not above that of the start',
  'not-lower': 'the final objective is not higher than now',
  higher: 'the final objective is lower than now',
};

/**
 * "None of the 3 fixes tried helps: with 2 the final loss is not lower than now, with 1 the finding remains."
 */
export function refusalSentence(refusals: readonly FixRefusal[], maximize = false): string {
  const wordsOf = (refusal: FixRefusal) =>
    maximize ? (ascentRefusals[refusal] ?? refusalWords[refusal]) : refusalWords[refusal];
  const counts = new Map<FixRefusal, number>();
  for (const refusal of refusals) counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
  const reasons = [...counts].sort(([, a], [, b]) => b - a);
  const total = refusals.length;
  if (total === 1) return `The only fix tried does not help: ${wordsOf(refusals[0]!)}.`;
  const which = (count: number) =>
    count === total ? (total === 2 ? 'with both' : 'with each') : `with ${count}`;
  const words = reasons.map(([refusal, count]) => `${which(count)} ${wordsOf(refusal)}`);
  return `None of the ${total} fixes tried helps: ${words.join(', ')}.`;
}

/** The sentence for a loss that has no minimum to reach. */
export function boundlessSentence({ title }: Fix, maximize = false): string {
  const words = maximize
    ? 'the objective increases without an upper bound, so a higher one shows no better fix'
    : 'the loss decreases without a lower bound, so a lower one shows no better fix';
  return `With ${title}, ${words}.`;
}

/** The sentence for a verdict that the baseline run does not have. */
export const endedOtherwise =
  'The current configuration ended otherwise when it was run again, so no fix can be compared with it.';

/** The sentence for a finding that the baseline run does not have. */
export const notSeenAgain =
  'The finding did not occur when the current configuration was run again, so fixes cannot be compared with it.';
