import { Vector3 } from 'three';

/**
 * @loss
 * @start [0.3, 2]
 */
export function loss([x, y]) {
  return new Vector3(x, y, 1).cross(new Vector3(1, 2, 3)).length();
}
