import { directionOf, turned } from './ascent';
import { formatApart, formatNumber } from './numerics/format';

/**
 * Words for the function of a run. Rules see the function that is minimized. A run that maximizes minimizes the negated
 * objective, and its user reads about the objective: where the loss falls, the objective rises.
 */
export interface LossWords {
  /**
   * A sentence about the loss. In a run that maximizes, its own words are replaced by their opposites (`inAscent`), but not
   * what is inserted. Words about anything else, such as "below the stability limit", must therefore be inserted.
   */
  say(parts: TemplateStringsArray, ...inserted: readonly (string | number)[]): string;
  /** A value of the minimized function, or a component of its gradient, as the user's function has it. */
  value(minimized: number, digits?: number): string;
  /** Such a value with enough digits to look different from another one. */
  apart(minimized: number, other: number): string;
  /** Two such values as the limits of a range, "1 and 2": the lower one first, as the user's function has them. */
  between(minimized: number, other: number): string;
}

export function lossWordsOf(config: { readonly maximize: boolean }): LossWords {
  const direction = directionOf(config);
  const part = config.maximize ? inAscent : (text: string) => text;
  return {
    say: (parts, ...inserted) => parts.map((each, i) => `${part(each)}${inserted[i] ?? ''}`).join(''),
    value: (minimized, digits) => formatNumber(turned(minimized, direction), digits),
    apart: (minimized, other) => formatApart(turned(minimized, direction), turned(other, direction)),
    between: (minimized, other) => {
      const [low, high] = [turned(minimized, direction), turned(other, direction)].sort((a, b) => a - b);
      return `${formatApart(low!, high!)} and ${formatApart(high!, low!)}`;
    },
  };
}

/** Words that are exchanged. */
const pairs = [
  ['rose', 'fell'],
  ['rise', 'fall'],
  ['rises', 'falls'],
  ['risen', 'fallen'],
  ['rising', 'falling'],
  ['increase', 'decrease'],
  ['increases', 'decreases'],
  ['increased', 'decreased'],
  ['increasing', 'decreasing'],
  ['above', 'below'],
  ['higher', 'lower'],
  ['highest', 'lowest'],
  ['raise', 'lower'],
  ['raises', 'lowers'],
  ['raised', 'lowered'],
  ['maximum', 'minimum'],
  ['maxima', 'minima'],
  ['uphill', 'downhill'],
  ['upward', 'downward'],
  ['ascent', 'descent'],
  ['an upper bound', 'a lower bound'],
  ['largest eigenvalue', 'smallest eigenvalue'],
] as const;

/** Words that are replaced in one direction. */
const replaced = [
  ['loss', 'objective'],
  ['losses', 'objectives'],
  ['grew', 'fell'],
  ['grown', 'fallen'],
  ['grows', 'falls'],
  ['jumped', 'dropped'],
  ['spike', 'drop'],
  ['spikes', 'drops'],
  ['spiked', 'dropped'],
  ['peak', 'lowest value'],
] as const;

const opposites: ReadonlyMap<string, string> = new Map([
  ...pairs.map(([up, down]) => [up, down] as const),
  // "lower" is the opposite of two words; as an adjective it is more frequent.
  ...pairs.toReversed().map(([up, down]) => [down, up] as const),
  ...replaced,
]);

/** Longer entries first, so that "a lower bound" is not taken for "lower". */
const known = new RegExp(
  `\\b(?:${[...opposites.keys()].toSorted((a, b) => b.length - a.length).join('|')})\\b(?! scale)`,
  'gi',
);

/** A text about the minimized loss, as one about the objective that is maximized. */
export function inAscent(text: string): string {
  return text.replace(known, (word) => {
    const other = opposites.get(word.toLowerCase())!;
    return /^[A-Z]/.test(word) ? `${other.charAt(0).toUpperCase()}${other.slice(1)}` : other;
  });
}
