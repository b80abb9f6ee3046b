/** The least and largest visible x. */
export type XRange = readonly [number, number];

/** The smallest range, as a share of the whole range. */
const narrowest = 1e-4;

/**
 * The visible range after zooming by `factor` about `centre`, within all of `xs` (ascending); null for the
 * whole range. A factor below one zooms in. On a log axis, the logarithms are scaled.
 */
export function zoomedX(
  xs: Float64Array,
  range: XRange | null,
  centre: number,
  factor: number,
  log: boolean,
): XRange | null {
  const all: XRange = [xs[0] ?? 0, xs.at(-1) ?? 0];
  const isLog = log && all[0] > 0;
  const [to, from] = isLog ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x];
  const [least, largest] = [to(all[0]), to(all[1])];
  const [first, last] = range === null ? [least, largest] : [to(range[0]), to(range[1])];
  const inSight = centre >= from(first) && centre <= from(last) ? to(centre) : (first + last) / 2;
  const next = [
    Math.max(least, inSight - (inSight - first) * factor),
    Math.min(largest, inSight + (last - inSight) * factor),
  ] as const;
  if (next[0] <= least && next[1] >= largest) return null;
  if (next[1] - next[0] < (largest - least) * narrowest) return range;
  return [from(next[0]), from(next[1])];
}
