/** The name of a coordinate by its index. */
export type NameOf = (index: number) => string;

/**
 * The names of a loss's coordinates: those of the configuration, which default to those of a destructured
 * parameter; else the name of the parameter with the index, as in `w[3]`; else `theta[3]`.
 *
 * @param names          the names in the configuration; ignored unless there is one for every coordinate
 * @param parameterName  null if the source does not contain it
 */
export function coordinateNames(
  names: readonly string[] | null,
  parameterName: string | null,
  dim: number,
): NameOf {
  if (names?.length === dim) return (index) => names[index]!;
  const vector = parameterName ?? 'theta';
  return (index) => `${vector}[${index}]`;
}

/** The names of all coordinates, in order. */
export function allNames(nameOf: NameOf, dim: number): string[] {
  return Array.from({ length: dim }, (_, index) => nameOf(index));
}
