import { scaleLinear } from 'd3-scale';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  return (
    (scaleLinear()
      .domain([0, x + 1])
      .range([0, 10])(y) -
      3) **
    2
  );
}
