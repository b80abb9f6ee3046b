import { Quaternion, Vec3 } from 'cannon-es';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  const q = new Quaternion().setFromAxisAngle(new Vec3(0, 0, 1), x);
  return q.vmult(new Vec3(1, y, 0)).distanceSquared(new Vec3(1, 1, 1));
}
