import { geoDistance, geoMercatorRaw } from 'd3-geo';

/**
 * @loss
 * @start [10, 20]
 */
export function loss([x, y]) {
  return geoDistance([x, y], [30, 40]) + geoMercatorRaw(x / 60, y / 60)[1];
}
