import type { DeclaredForm } from '../declaration';

/** The number of coordinates that a function declares; null if it declares none. */
export function arityOf({ vector }: DeclaredForm): number | null {
  switch (vector.kind) {
    case 'numbers':
      return vector.names.length;
    case 'object':
      return vector.isOpen ? null : vector.names.length;
    case 'undeclared':
    case 'none':
      return null;
    default:
      return vector.arity;
  }
}
