/** How a function takes its parameter vector. */
export type VectorForm =
  | { readonly kind: 'array' | 'Float64Array' | 'Float32Array' }
  /** One object with a number for each name; the names are in the order of the coordinates. */
  | { readonly kind: 'object'; readonly names: readonly string[] }
  /** One argument for each coordinate. */
  | { readonly kind: 'numbers'; readonly names: readonly string[] }
  /** The same, for a rest parameter: the number of coordinates is that of the start. */
  | { readonly kind: 'rest' };

/** How a loss, its gradient or its validation loss is called. */
export interface CallForm {
  readonly vector: VectorForm;
  /**
   * Whether the context follows the vector. `unless-one`: the parameters are not known before the module is
   * loaded; the context is then passed unless the function requires exactly one argument. `indices`: it follows, and the
   * function can read nothing of it but the indices of the samples.
   */
  readonly context: boolean | 'unless-one' | 'indices';
}

/** The names of the coordinates that the form determines; null if it determines none. */
export function namesIn({ vector }: CallForm): readonly string[] | null {
  return 'names' in vector ? vector.names : null;
}
