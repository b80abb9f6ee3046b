import { CatmullRomCurve3, Vector3 } from 'three';

/**
 * @loss
 * @start [0.3, 2]
 */
export function loss([x, y]) {
  const c = new CatmullRomCurve3([new Vector3(0, 0, 0), new Vector3(x, y, 0), new Vector3(2, 0, 0)]);
  return c.getPoint(0.4).lengthSq();
}
