import type { Span } from '../annotation/annotationValue';

/** The ranges in which a function accesses the coordinates of its parameter vector, as offsets. */
export interface ParameterSpans {
  /** null for a destructuring pattern, and if the coordinates are parameters. */
  readonly name: string | null;
  /** The name or destructuring pattern of the parameter; the range of all parameters that are coordinates. */
  readonly whole: Span;
  /** The range where a coordinate gets its name or, if the parameter is not destructured, is first read. */
  readonly coordinates: ReadonlyMap<number, Span>;
  /** The rest element of the pattern: `...rest`, `*rest`. `first` is the index of its first coordinate. */
  readonly rest: (Span & { readonly first: number }) | null;
  /** The first parameter that must be given but gets no argument; null if there is none. */
  readonly unfilled: Span | null;
}
