import type { LossDeclaration } from '../declaration';

/**
 * Whether a function is an optimizer step (`@optimizerStep adam lr=0.01`). Its patch defines the reference
 * optimizer.
 */
export function isOptimizerStep({ annotation }: LossDeclaration): boolean {
  return annotation?.tags.some(({ name }) => name === 'optimizerStep') ?? false;
}
