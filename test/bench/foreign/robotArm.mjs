// Inverse kinematics: a chain of links with 4 x 4 matrices in flat arrays.
class Transform {
  constructor(elements) {
    this.elements = elements;
  }
  static identity() {
    return new Transform([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  }
  static rotation(axis, angle) {
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    switch (axis) {
      case 'x':
        return new Transform([1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0, 0, 0, 0, 1]);
      case 'y':
        return new Transform([c, 0, s, 0, 0, 1, 0, 0, -s, 0, c, 0, 0, 0, 0, 1]);
      default:
        return new Transform([c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    }
  }
  static translation(x, y, z) {
    return new Transform([1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1]);
  }
  multiply({ elements: b }) {
    const a = this.elements;
    const result = new Array(16);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        result[4 * i + j] =
          a[4 * i] * b[j] + a[4 * i + 1] * b[4 + j] + a[4 * i + 2] * b[8 + j] + a[4 * i + 3] * b[12 + j];
      }
    }
    return new Transform(result);
  }
  position() {
    const e = this.elements;
    return { x: e[3], y: e[7], z: e[11] };
  }
}

const links = [
  { axis: 'z', length: 1 },
  { axis: 'y', length: 0.8 },
  { axis: 'x', length: 0.6 },
  { axis: 'y', length: 0.5 },
  { axis: 'z', length: 0.3 },
  { axis: 'y', length: 0.2 },
];
const goal = { x: 1.2, y: 0.7, z: -0.4 };

export function loss(angles) {
  let pose = Transform.identity();
  links.forEach(({ axis, length }, i) => {
    pose = pose.multiply(Transform.rotation(axis, angles[i])).multiply(Transform.translation(length, 0, 0));
  });
  const { x, y, z } = pose.position();
  const comfort = angles.reduce((sum, a) => sum + 0.01 * a ** 2, 0);
  return Math.hypot(x - goal.x, y - goal.y, z - goal.z) + comfort;
}

export const start = [0.1, -0.4, 0.3, 0.6, -0.2, 0.5];
