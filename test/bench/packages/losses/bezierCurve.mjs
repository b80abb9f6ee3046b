import { Bezier } from 'bezier-js';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  const p = new Bezier(0, 0, x, y, 3, 1, 4, 0).get(0.4);
  return p.x * p.x + p.y * p.y;
}
