/** A plane in the space of the parameters, with perpendicular axes of length 1. */
export interface Plane {
  /** Shape [dim] each. */
  readonly origin: Float64Array;
  readonly across: Float64Array;
  readonly up: Float64Array;
}

/** A plane that shows the path of a run. */
export interface PathPlane extends Plane {
  readonly kind: 'principal' | 'startEndBest';
  /** The share of the path's variance about its mean that lies in the plane, in [0, 1]; NaN if only three points are known. */
  readonly share: number;
}

/** Iterations for each direction. The plane of a path whose second and third direction are equally long is not unique anyway. */
const iterations = 300;

/**
 * The plane of the two principal directions of a path, through its mean. They are computed from the products of the points (n × n)
 * instead of the covariance (dim × dim), because a path has fewer points than a net has weights.
 *
 * The first axis points from the first point to the last one.
 *
 * @param points  of shape [dim] each, finite
 * @returns null if the points do not span a plane
 */
export function principalPlane(points: readonly Float64Array[]): PathPlane | null {
  const count = points.length;
  const dim = points[0]?.length ?? 0;
  if (count < 3 || dim < 2) return null;
  const origin = new Float64Array(dim);
  for (const point of points) for (let i = 0; i < dim; i++) origin[i]! += point[i]! / count;
  const centred = points.map((point) => point.map((value, i) => value - origin[i]!));
  const products = centred.map((a, i) => Float64Array.from(centred, (b, j) => (j < i ? 0 : dot(a, b))));
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) products[i]![j] = products[j]![i]!;
  const total = products.reduce((sum, row, i) => sum + row[i]!, 0);
  if (!(total > 0) || !Number.isFinite(total)) return null;
  const first = largestEigenvector(products, null);
  const second = first && largestEigenvector(products, first.vector);
  // Below the rounding of the total, a direction is noise.
  if (!first || !second || !(second.value > 1e-13 * total)) return null;
  const along = (weights: Float64Array) => {
    const axis = new Float64Array(dim);
    for (const [i, point] of centred.entries())
      for (let k = 0; k < dim; k++) axis[k]! += weights[i]! * point[k]!;
    return axis;
  };
  const across = unit(along(first.vector));
  const up = across && perpendicular(along(second.vector), across);
  if (!across || !up) return null;
  const way = (axis: Float64Array) => dot(centred.at(-1)!, axis) - dot(centred[0]!, axis);
  for (const axis of [across, up]) if (way(axis) < 0) for (let k = 0; k < dim; k++) axis[k]! *= -1;
  const share = Math.min(1, (first.value + second.value) / total);
  return { kind: 'principal', origin, across, up, share };
}

/**
 * The plane through three points of a run whose path is not recorded, with the start at its origin and the end to its right.
 *
 * @returns null if they are on one line
 */
export function planeThrough(start: Float64Array, end: Float64Array, best: Float64Array): PathPlane | null {
  const from = (point: Float64Array) => point.map((value, i) => value - start[i]!);
  const across = unit(from(end));
  const up = across && perpendicular(from(best), across);
  return across && up && { kind: 'startEndBest', origin: start, across, up, share: Number.NaN };
}

/** The place of a point in a plane: its perpendicular projection. */
export function projected(
  { origin, across, up }: Plane,
  point: ArrayLike<number>,
): readonly [number, number] {
  let [x, y] = [0, 0];
  for (let i = 0; i < origin.length; i++) {
    const away = point[i]! - origin[i]!;
    x += away * across[i]!;
    y += away * up[i]!;
  }
  return [x, y];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function unit(vector: Float64Array): Float64Array | null {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0) || !Number.isFinite(largest)) return null;
  const scaled = vector.map((value) => value / largest);
  const length = Math.sqrt(dot(scaled, scaled));
  return scaled.map((value) => value / length);
}

/** The direction of the part that is perpendicular to an axis; null if there is none beyond rounding. */
function perpendicular(vector: Float64Array, axis: Float64Array): Float64Array | null {
  const direction = unit(vector);
  if (!direction) return null;
  const along = dot(direction, axis);
  const rest = direction.map((value, i) => value - along * axis[i]!);
  return Math.sqrt(dot(rest, rest)) > 1e-7 ? unit(rest) : null;
}

/** Power iteration, perpendicular to `without`. The start is not symmetric, so that it has a part along the result. */
function largestEigenvector(
  matrix: readonly Float64Array[],
  without: Float64Array | null,
): { readonly vector: Float64Array; readonly value: number } | null {
  const reduce = (vector: Float64Array) => {
    const along = without === null ? 0 : dot(vector, without);
    return without === null ? vector : vector.map((value, i) => value - along * without[i]!);
  };
  let vector = unit(reduce(Float64Array.from(matrix, (_, i) => 1 + 0.37 * i + ((i * 7) % 5))));
  let value = 0;
  for (let n = 0; n < iterations && vector; n++) {
    const current: Float64Array = vector;
    const next: Float64Array = reduce(Float64Array.from(matrix, (row) => dot(row, current)));
    const before = value;
    value = Math.sqrt(dot(next, next));
    vector = unit(next);
    if (Math.abs(value - before) <= 1e-15 * value) break;
  }
  return vector && { vector, value };
}
