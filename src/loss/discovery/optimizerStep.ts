import type { Annotation, LossDeclaration } from '../declaration';

/**
 * Whether a function, class or object is an optimizer (`@optimizerStep adam lr=0.01`). Its patch defines the
 * reference optimizer.
 */
export function isOptimizerStep({ annotation }: LossDeclaration): boolean {
  return hasOptimizerTag(annotation);
}

export function hasOptimizerTag(annotation: Annotation | null): boolean {
  return annotation?.tags.some(({ name }) => name === 'optimizerStep') ?? false;
}
