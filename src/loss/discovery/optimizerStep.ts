import type { LossDeclaration } from '../declaration';

/** Whether a function is an optimizer of the user's own: `@optimizerStep adam lr=0.01`. Its patch names the reference. */
export function isOptimizerStep({ annotation }: LossDeclaration): boolean {
  return annotation?.tags.some(({ name }) => name === 'optimizerStep') ?? false;
}
