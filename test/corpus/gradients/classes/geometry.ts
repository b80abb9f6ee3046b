import { Vector } from './vectors';

const log: string[] = [];

/** Twice the area of a triangle, one corner of which depends on the parameters. */
export function areaCost(p: number[]): number {
  const corner = Vector.from(p);
  const [a, b] = [Vector.zero, new Vector(2, 0, 0)];
  const normal = b.minus(a).cross(corner.minus(a));
  log.push(`normal ${normal}, length ${normal.length}`);
  return normal.length + normal.length;
}

/** Cosine of an angle, through getters that compute. */
export function angleLoss([a, b, c]: number[]): number {
  const v = new Vector(a, b, c);
  return v.unit.dot(new Vector(1, 2, 2).unit) + v.unit.length;
}
