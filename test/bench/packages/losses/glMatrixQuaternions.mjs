import { glMatrix, quat, vec3 } from 'gl-matrix';

glMatrix.setMatrixArrayType(Array);

/**
 * @loss
 * @start [0.3, 2]
 */
export function loss([x, y]) {
  const q = quat.setAxisAngle(quat.create(), [0, 0, 1], x);
  const v = vec3.transformQuat(vec3.create(), [1, y, 0], q);
  return (v[0] - 1) ** 2 + v[1] ** 2;
}
