import { Euler, Matrix4, Vector3 } from 'three';

/**
 * @loss
 * @start [0.3, 0.2]
 */
export function loss([x, y]) {
  const m = new Matrix4().makeRotationFromEuler(new Euler(x, y, 0.1));
  return new Vector3(1, 2, 3).applyMatrix4(m).distanceTo(new Vector3(1, 1, 1));
}
