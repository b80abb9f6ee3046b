import { glMatrix, vec3 } from 'gl-matrix';

glMatrix.setMatrixArrayType(Array);

/**
 * @loss
 * @start [0.3, 2]
 */
export function loss([x, y]) {
  const v = vec3.fromValues(x, y, 1);
  return vec3.length(vec3.cross(vec3.create(), v, vec3.fromValues(1, 2, 3)));
}
