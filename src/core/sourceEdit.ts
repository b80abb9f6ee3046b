import type { SourceLocation } from './sourceLocation';

/** The replacement of one expression in a text of the user. */
export interface SourceEdit {
  /** The expression, in the text that the run loaded. */
  readonly location: SourceLocation;
  /** The text of the expression. */
  readonly before: string;
  readonly after: string;
  readonly meaning: EditMeaning;
}

/**
 * How the edited loss is related to the loss:
 *
 *   same    the same function of real numbers, computed otherwise
 *   guard   the same function where a guard is not active. `otherwise` is the same guard with another constant: the result
 *           of a run must not depend on the constant.
 *   smooth  a function near it, whose derivative does not vanish or jump: a run with it must also lower the loss itself
 *   units   the loss of data in other units: the parameters are those of the other units
 */
export type EditMeaning =
  | { readonly kind: 'same' | 'smooth' | 'units' }
  | { readonly kind: 'guard'; readonly otherwise: string };

/**
 * What edits may help against where no operation is known as the cause:
 *
 *   rectifier  a rectifier that is inactive, so that its derivative is 0
 *   kink       an absolute value, a maximum or a rectifier whose derivative jumps
 *   exponentials  the logarithm of a sum of exponentials that overflow, where the operation itself is not known
 *   columns    data that enter products with parameters, and are far from mean 0 and deviation 1
 */
export type EditKind = 'rectifier' | 'kink' | 'columns' | 'exponentials';

/** Longer expressions, such as the data of a loss, are cut where an edit is shown. */
const shownLength = 100;

/** "Math.log(1 + x) → Math.log1p(x)", on one line. */
export function editWords({ before, after }: Pick<SourceEdit, 'before' | 'after'>): string {
  return `${shortened(before)} → ${shortened(after)}`;
}

/** The lines of a difference: "- Math.log(1 + x)", "+ Math.log1p(x)". */
export function editLines({
  before,
  after,
}: Pick<SourceEdit, 'before' | 'after'>): readonly [string, string] {
  return [`- ${shortened(before)}`, `+ ${shortened(after)}`];
}

function shortened(text: string): string {
  const line = text.trim().replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
  return line.length > shownLength ? `${line.slice(0, shownLength - 1).trimEnd()}…` : line;
}
