import type { LossDeclaration } from '../declaration';

/** The functions of one source text that can be losses, in any language. Never throws, even if the text is incomplete. */
export interface LossReader {
  /** @param atLeast  'cursor' to include functions that are not losses */
  declarations(atLeast?: 'cursor'): LossDeclaration[];
  /** The losses that can be loaded: those with an annotation, and in mode 'named' also those found by name. */
  losses(mode: 'annotated' | 'named'): LossDeclaration[];
  /** The function at an offset. A function that can be loaded is preferred to a function nested inside it. */
  at(offset: number): LossDeclaration | null;
  /** The function at an offset; null if it has another name. */
  namedAt(offset: number, name: string): LossDeclaration | null;
  /** The function that has this name, or this address. */
  named(name: string): LossDeclaration | null;
}
