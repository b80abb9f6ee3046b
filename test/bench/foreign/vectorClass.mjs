// A spring mesh with an immutable vector class.
class Vec3 {
  constructor(x, y, z) {
    this.x = x;
    this.y = y;
    this.z = z;
  }
  add(other) {
    return new Vec3(this.x + other.x, this.y + other.y, this.z + other.z);
  }
  sub(other) {
    return new Vec3(this.x - other.x, this.y - other.y, this.z - other.z);
  }
  scale(factor) {
    return new Vec3(this.x * factor, this.y * factor, this.z * factor);
  }
  dot(other) {
    return this.x * other.x + this.y * other.y + this.z * other.z;
  }
  length() {
    return Math.sqrt(this.dot(this));
  }
  normalize() {
    return this.scale(1 / this.length());
  }
}

class Spring {
  constructor(a, b, rest, stiffness) {
    this.a = a;
    this.b = b;
    this.rest = rest;
    this.stiffness = stiffness;
  }
  energy(points) {
    const delta = points[this.b].sub(points[this.a]);
    const stretch = delta.length() - this.rest;
    return 0.5 * this.stiffness * stretch * stretch;
  }
}

const count = 40;
const springs = [];
for (let i = 0; i < count; i++)
  for (let k = 1; k <= 3; k++) springs.push(new Spring(i, (i + k) % count, 0.5 + 0.3 * k, 1 + 0.1 * i));
const gravity = new Vec3(0, -0.3, 0.1);

export function loss(params) {
  const points = [];
  for (let i = 0; i < count; i++) points.push(new Vec3(params[3 * i], params[3 * i + 1], params[3 * i + 2]));
  let energy = 0;
  for (const spring of springs) energy += spring.energy(points);
  for (const point of points) energy -= gravity.dot(point);
  const center = points.reduce((sum, each) => sum.add(each), new Vec3(0, 0, 0)).scale(1 / count);
  return energy + center.dot(center.normalize());
}

export const start = Array.from({ length: 3 * count }, (_, k) => Math.sin(1.7 * k) + 0.05 * k);
