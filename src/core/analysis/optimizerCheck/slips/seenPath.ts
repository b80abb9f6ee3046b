/** The user's path for one sequence of gradients, from which a slip may read a constant. */
export interface SeenPath {
  /** theta_0 first; at least two steps. */
  readonly points: readonly Float64Array[];
  readonly gradients: readonly Float64Array[];
  /** The coordinate from which the constant is read. */
  readonly coordinate: number;
}
