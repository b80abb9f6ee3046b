import type { ReportHeatmap } from '../../src/protocol/panel';

/**
 * The place of each value on the colour scale: 0 for the best one, 1 for the worst one, NaN without a value. On a
 * logarithmic scale, a value of 0 is placed a decade below the smallest other one.
 */
export function sharesOf({
  values,
  log,
  maximizes,
}: Pick<ReportHeatmap, 'values' | 'log' | 'maximizes'>): number[] {
  const positive = values.filter((value) => value > 0);
  const floor = positive.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY) / 10;
  const places = [...values].map((value) => (log ? Math.log10(Math.max(value, floor)) : value));
  const finite = places.filter(Number.isFinite);
  const [least, largest] = [Math.min(...finite), Math.max(...finite)];
  return places.map((place) => {
    if (!Number.isFinite(place)) return Number.NaN;
    const share = largest > least ? (place - least) / (largest - least) : 0;
    return maximizes ? 1 - share : share;
  });
}
