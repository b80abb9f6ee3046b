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
 */
export type EditMeaning = { readonly kind: 'same' } | { readonly kind: 'guard'; readonly otherwise: string };
