/** The structure of a declared type, as far as it decides whether a value can be a parameter vector. */
export type TypeShape =
  | { readonly kind: 'number' }
  /** A string, boolean, bigint, symbol, literal, `undefined` or `null`. */
  | { readonly kind: 'primitive' }
  | ArrayShape
  /** `Float64Array`, `Int32Array`, … */
  | { readonly kind: 'typedArray'; readonly name: string }
  | ObjectShape
  | FunctionShapeOfType
  | { readonly kind: 'promise'; readonly of: TypeShape }
  | { readonly kind: 'union'; readonly members: readonly TypeShape[] }
  /** `any`, a type of a package, or one that is not read. */
  | { readonly kind: 'unknown' };

interface ArrayShape {
  readonly kind: 'array';
  readonly element: TypeShape;
  /** The labels of a tuple of fixed length, null for an element without one; null if it is not a tuple. */
  readonly labels: readonly (string | null)[] | null;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, ObjectMember>;
  /** The type of the members that are not listed; null if there are none. */
  readonly others: TypeShape | null;
}

export interface ObjectMember {
  readonly type: TypeShape;
  readonly isOptional: boolean;
}

interface FunctionShapeOfType {
  readonly kind: 'function';
  readonly signature: Signature | null;
}

/** The parameters and the result of a function, from its types, its patterns and its JSDoc comment. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  /** null if it is not declared. */
  readonly returns: TypeShape | null;
}

export interface Parameter {
  /** null for a pattern. */
  readonly name: string | null;
  readonly pattern: Pattern | null;
  readonly isRest: boolean;
  readonly hasDefault: boolean;
  readonly isOptional: boolean;
  /** `unknown` if it is not declared. */
  readonly type: TypeShape;
  /** The declared type as written; null if it is not declared. */
  readonly typeText: string | null;
}

export type Pattern = ArrayPattern | ObjectPattern;

export interface ArrayPattern {
  readonly kind: 'array';
  /** The number of elements; null if there is a rest element. */
  readonly arity: number | null;
  /** The names of the elements; null if an element is a pattern, a hole or a rest element. */
  readonly names: readonly string[] | null;
  /** Whether an element is a pattern. */
  readonly isNested: boolean;
}

export interface ObjectPattern {
  readonly kind: 'object';
  /** The keys in order. */
  readonly members: readonly PatternMember[];
  /** Whether it has a rest element or a computed key. */
  readonly isOpen: boolean;
}

export interface PatternMember {
  readonly key: string;
  readonly hasDefault: boolean;
  readonly isPattern: boolean;
}

export const unknownType: TypeShape = { kind: 'unknown' };

/** Whether a value of the type may be a number. */
export function mayBeNumber(type: TypeShape): boolean {
  switch (type.kind) {
    case 'number':
    case 'unknown':
      return true;
    case 'union':
      return type.members.some(mayBeNumber);
    default:
      return false;
  }
}

/** Whether the type is known to be that of numbers, possibly undefined or null. */
export function isNumber(type: TypeShape): boolean {
  if (type.kind !== 'union') return type.kind === 'number';
  return (
    type.members.some(({ kind }) => kind === 'number') &&
    type.members.every((member) => member.kind === 'primitive' || isNumber(member))
  );
}

/** Whether a function with the declared result returns a number or a promise of one. */
export function returnsNumber(type: TypeShape): boolean {
  return type.kind === 'promise' ? type.of.kind === 'number' : type.kind === 'number';
}
