import _ from 'lodash';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  return _.sumBy([{ a: x }, { a: y }], (d) => d.a * d.a) + _.max([x, y]) + _.clamp(x * y, 0, 10);
}
