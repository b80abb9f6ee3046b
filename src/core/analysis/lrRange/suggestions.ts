import { quietShare, type Sweep } from './sweep';

export const suggestionNames = ['valley', 'minimum/10', 'steepest', 'slide'] as const;
export type SuggestionName = (typeof suggestionNames)[number];

/** A learning rate, or the reason why there is none. */
export type Suggestion = { readonly lr: number } | { readonly lr: null; readonly reason: string };

export type Suggestions = { readonly [N in SuggestionName]: Suggestion };

/**
 * The part of a sweep that suggestions are based on. As in fastai, it excludes the first tenth and the last
 * five rates.
 */
interface Curve {
  readonly lrs: Float64Array;
  readonly losses: Float64Array;
  /** The decrease from the first loss to the lowest. */
  readonly fall: number;
}

const lastLeftOut = 5;
const fewest = 8;

/**
 * fastai's four suggestions (fastai/callback/schedule.py) on a sweep. A suggestion exists only where the loss
 * falls: by more than rounding, and by more than the standard deviation of its noise.
 */
export function suggest(sweep: Sweep): Suggestions {
  const from = Math.floor(quietShare * sweep.lrs.length);
  const lrs = sweep.lrs.slice(from, -lastLeftOut);
  const losses = sweep.smoothed.slice(from, -lastLeftOut);
  const reason = reasonForNone(sweep, losses);
  if (reason !== null) return byName(() => ({ lr: null, reason }));
  const curve: Curve = { lrs, losses, fall: losses[0]! - losses[leastOf(losses)]! };
  return byName((name) => methods[name](curve));
}

function byName(make: (name: SuggestionName) => Suggestion): Suggestions {
  return Object.fromEntries(suggestionNames.map((name) => [name, make(name)])) as Suggestions;
}

function reasonForNone({ startLoss, losses, isStochastic, ended }: Sweep, kept: Float64Array): string | null {
  if (!Number.isFinite(startLoss)) return 'the loss at the start is not finite';
  if (kept.length < fewest)
    return ended === 'range' ? 'the sweep is too short' : 'the loss rises before it falls';
  const least = kept[leastOf(kept)]!;
  const rounding = 64 * Number.EPSILON * Math.max(Math.abs(startLoss), Math.abs(least));
  const quiet = losses.slice(0, Math.ceil(quietShare * losses.length));
  const noise = isStochastic ? deviation(quiet) : 0;
  const fall = kept[0]! - least;
  if (fall <= rounding) return 'the loss never falls';
  return fall <= noise ? 'the loss falls by less than its own noise' : null;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

const methods: { readonly [N in SuggestionName]: (curve: Curve) => Suggestion } = {
  valley,
  'minimum/10': minimum,
  steepest,
  slide,
};

/**
 * The middle of the longest valley. As in fastai, the valley ends where the longest decreasing subsequence of
 * losses ends and has the length of this subsequence. The suggestion is at a third plus half a third of the
 * length from the left end, each rounded down.
 *
 * Difference from fastai: a loss without noise decreases even at the lowest rates, so its valley would begin
 * with the sweep. The rates before the last one with less than a hundredth of the whole decrease are
 * therefore excluded.
 */
function valley({ lrs, losses, fall }: Curve): Suggestion {
  const begins = Math.max(0, losses.findIndex((loss) => loss < losses[0]! - 0.01 * fall) - 1);
  const n = losses.length - begins;
  const lengths = new Int32Array(n).fill(1);
  let end = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++)
      if (losses[begins + i]! < losses[begins + j]!) lengths[i] = Math.max(lengths[i]!, lengths[j]! + 1);
    if (lengths[i]! > lengths[end]!) end = i;
  }
  const from = end - lengths[end]!;
  const third = (end - from) / 3;
  const middle = begins + Math.max(0, from + Math.floor(third) + Math.floor(third / 2));
  return { lr: lrs[middle]! };
}

/** A tenth of the rate with the lowest loss. */
function minimum({ lrs, losses }: Curve): Suggestion {
  return { lr: lrs[leastOf(losses)]! / 10 };
}

/** The rate at which the loss falls most steeply against log lr. */
function steepest({ lrs, losses }: Curve): Suggestion {
  // The rates are evenly spaced on the log axis, so the differences need not be divided.
  const slopes = losses.slice(1).map((loss, i) => loss - losses[i]!);
  return { lr: lrs[leastOf(slopes)]! };
}

const slideWidth = 15;
const slideThreshold = 0.005;

/**
 * An interval of 15 rates moves from the right end to the left until the slopes of the loss at both of its
 * ends agree within 0.005. The suggestion is the left end of the interval before its last move.
 *
 * Difference from fastai: its threshold assumes a loss of order 1; here it is relative to the decrease of the
 * loss.
 */
function slide({ lrs, losses, fall }: Curve): Suggestion {
  const n = losses.length;
  if (n <= slideWidth) return { lr: null, reason: `the sweep has fewer than ${slideWidth + 1} rates` };
  const slope = (i: number) => {
    if (i === 0) return losses[1]! - losses[0]!;
    if (i === n - 1) return losses[i]! - losses[i - 1]!;
    return (losses[i + 1]! - losses[i - 1]!) / 2;
  };
  let right = n - 1;
  let place = right - slideWidth;
  while (right >= slideWidth && Math.abs(slope(right) - slope(right - slideWidth)) > slideThreshold * fall) {
    place = right - slideWidth;
    right--;
  }
  if (right < slideWidth) return { lr: null, reason: 'the slope is irregular everywhere' };
  return { lr: lrs[place]! };
}

function leastOf(values: Float64Array): number {
  let least = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! < values[least]!) least = i;
  return least;
}
