/** The name of a coordinate by its index. */
export type NameOf = (index: number) => string;

/**
 * The names of a loss's coordinates: the configuration's, which are those of a destructured parameter unless others are
 * given; else the parameter's own name with the index, as `w[3]`; else `theta[3]`.
 *
 * @param names          of the configuration; ignored unless there is one for every coordinate
 * @param parameterName  null where the source does not tell
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
