import type { LossDeclaration } from '../declaration';

/** Whether the annotation of a function has `@expect`. */
export function hasExpectation({ annotation }: LossDeclaration): boolean {
  return annotation?.tags.some(({ name }) => name === 'expect') ?? false;
}
