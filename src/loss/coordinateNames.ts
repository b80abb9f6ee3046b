/** The names of the coordinates: the config's, else the destructured parameter's, else theta[i]. */
export function coordinateNames(
  names: readonly string[] | null,
  parameterNames: readonly string[] | null,
  dim: number,
): string[] {
  const given = [names, parameterNames].find((candidate) => candidate?.length === dim);
  return given ? [...given] : Array.from({ length: dim }, (_, i) => `theta[${i}]`);
}
