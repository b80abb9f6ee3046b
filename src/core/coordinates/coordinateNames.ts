import { CoordinateLayout } from './coordinateLayout';

/** The name of a coordinate by its index. */
export type NameOf = (index: number) => string;

/**
 * The names of a loss's coordinates: those of the configuration, which default to those of a destructured
 * parameter; else the name of the parameter with the index, as in `w[3]`; else `theta[3]`.
 *
 * @param names          the entries in the configuration (`NameEntry`); ignored unless they name every coordinate
 * @param parameterName  null if the source does not contain it
 */
export function coordinateNames(
  names: readonly string[] | null,
  parameterName: string | null,
  dim: number,
): NameOf {
  const layout = new CoordinateLayout(names, parameterName, dim);
  return (index) => layout.nameOf(index);
}
