import type { Fix } from '../diagnosis/finding';

/** Numbers within this factor make no difference that a user would choose by. */
const near = 1.5;

/** Whether two fixes set the same options to nearly the same numbers: lr 3e-6 and lr 3.2e-6. */
export function areAlike(one: Fix, other: Fix): boolean {
  return !one.edit && !other.edit && isNear(one.patch, other.patch);
}

function isNear(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number') return isNearNumber(one, other);
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return one === other;
  const [a, b] = [Object.entries(one), new Map(Object.entries(other))];
  return a.length === b.size && a.every(([key, value]) => b.has(key) && isNear(value, b.get(key)));
}

/** Decay rates such as 0.95 and 0.99 differ as their distances to 1 do. */
function isNearNumber(one: number, other: number): boolean {
  if (one === other) return true;
  if (isRate(one) && isRate(other)) return isNearNumber(1 - one, 1 - other);
  const factor = one / other;
  return factor > 1 / near && factor < near;
}

function isRate(value: number): boolean {
  return value > 0.5 && value < 1;
}
