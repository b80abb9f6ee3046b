// Pose estimation with a namespace import of vector functions.
import * as vec from './vectors.mjs';

const model = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(2 * i), 0.1 * i]);
const seen = model.map(([x, y, z], i) => [0.9 * x - 0.2 * y + 0.1, 0.3 * x + y, z + 0.05 * Math.sin(i)]);

function rotate(point, axis) {
  const angle = vec.norm(axis);
  const unit = vec.scale(axis, 1 / angle);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const along = vec.scale(unit, vec.dot(unit, point) * (1 - cos));
  return vec.add(vec.add(vec.scale(point, cos), vec.scale(vec.cross(unit, point), sin)), along);
}

export function loss(params) {
  const axis = params.slice(0, 3);
  const shift = params.slice(3, 6);
  let total = 0;
  model.forEach((point, i) => {
    const residual = vec.subtract(vec.add(vec.scale(rotate(point, axis), params[6]), shift), seen[i]);
    total += vec.dot(residual, residual);
  });
  return total / model.length;
}

export const start = [0.1, -0.2, 0.3, 0.05, 0.1, -0.1, 1.1];
