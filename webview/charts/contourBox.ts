/** A rectangle of the plane: the least and largest value of both coordinates. */
export interface Box {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

const margin = 0.18;
/** The largest distance of a visible point from the central 80 % of the path, in widths of that part. */
const reach = 4;

/** A path that ends above this multiple of the loss at its start is shown up to where it stays above it. */
export const lossMultiple = 100;

/**
 * The point at which the loss of a path rises above a multiple of that at its start for good; the number of points if it does not.
 * For a loss below zero the multiple is of its absolute value.
 *
 * @param losses     one per point; NaN where it is not known
 * @param maximizes  whether a larger value is better
 */
export function divergenceByLoss(losses: Float64Array, maximizes: boolean): number {
  const sign = maximizes ? -1 : 1;
  const start = losses.find((loss) => !Number.isNaN(loss));
  if (start === undefined || start === 0) return losses.length;
  const limit = sign * start + (lossMultiple - 1) * Math.abs(start);
  const isTame = (i: number) => sign * losses[i]! <= limit;
  let last = losses.length - 1;
  // The loss at the last point is recorded with the next step only.
  while (last >= 0 && Number.isNaN(losses[last]!)) last--;
  if (last < 0 || isTame(last)) return losses.length;
  while (last >= 0 && !isTame(last)) last--;
  // The first points beyond the limit show where the path goes.
  return Math.min(losses.length, last + 2);
}

/** The part of the plane to show for a path (x, y pairs): the whole path, or the part before it diverges. */
export function boxAround(path: Float64Array, points: number = path.length / 2): Box | null {
  const kept = path.subarray(0, 2 * points);
  const tame = kept.subarray(0, divergenceOf(kept));
  const x = side(tame, 0);
  const y = side(tame, 1);
  return x === null || y === null ? null : { x, y };
}

/**
 * The point at which a path diverges: the first one that is ten times as far from the start as all before it,
 * if the end of the path is also that far away or not finite. The length of the path if there is none.
 */
function divergenceOf(path: Float64Array): number {
  const distance = (i: number) => {
    const away = Math.hypot(path[i]! - path[0]!, path[i + 1]! - path[1]!);
    return Number.isNaN(away) ? Number.POSITIVE_INFINITY : away;
  };
  if (path.length < 4) return path.length;
  const end = distance(path.length - 2);
  let farthest = 0;
  for (let i = 2; i < path.length; i += 2) {
    const away = distance(i);
    if (farthest > 0 && away > 10 * farthest && end > 10 * farthest) return i;
    farthest = Math.max(farthest, away);
  }
  return path.length;
}

function side(path: Float64Array, offset: 0 | 1): [number, number] | null {
  const values: number[] = [];
  for (let i = offset; i < path.length; i += 2) if (Number.isFinite(path[i]!)) values.push(path[i]!);
  if (values.length === 0) return null;
  const start = values[0]!;
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))]!;
  const [low, high] = [at(0.1), at(0.9)];
  const bulk = Math.max(high - low, Math.abs(start) * 1e-3, 1e-9);
  const least = Math.min(start, Math.max(at(0), low - reach * bulk));
  const largest = Math.max(start, Math.min(at(1), high + reach * bulk));
  const room = Math.max((largest - least) * margin, bulk * margin, 1e-9);
  return [Math.max(least - room, -1e150), Math.min(largest + room, 1e150)];
}

/**
 * Whether the picture of `shown` must be replaced for `wanted`: a part is outside, or `wanted` is much
 * smaller.
 */
export function outgrown(shown: Box, wanted: Box): boolean {
  return sideOutgrown(shown.x, wanted.x) || sideOutgrown(shown.y, wanted.y);
}

function sideOutgrown(shown: readonly [number, number], wanted: readonly [number, number]): boolean {
  const [width, wish] = [shown[1] - shown[0], wanted[1] - wanted[0]];
  const slack = (wish * margin) / (1 + 2 * margin);
  return wanted[0] < shown[0] - slack / 2 || wanted[1] > shown[1] + slack / 2 || wish < width * 0.4;
}

/** `box` scaled about a point, which is given as shares of the width and height. */
export function zoomedBox(box: Box, factor: number, at: readonly [number, number]): Box {
  const scaled = ([low, high]: readonly [number, number], share: number): [number, number] => {
    const centre = low + (high - low) * share;
    return [centre - (centre - low) * factor, centre + (high - centre) * factor];
  };
  return { x: scaled(box.x, at[0]), y: scaled(box.y, at[1]) };
}

/** `box` moved by shares of its width and height. */
export function movedBox(box: Box, by: readonly [number, number]): Box {
  const moved = ([low, high]: readonly [number, number], share: number): [number, number] => {
    const shift = (high - low) * share;
    return [low + shift, high + shift];
  };
  return { x: moved(box.x, by[0]), y: moved(box.y, by[1]) };
}
