import { odd } from './cycleBack';
import { scale, setScale } from './scale';

export const even = (n: number, v: number): number => (n > 0 ? odd(n - 1, v * 2) : v);

/** Modules that import each other, and a live binding that another module sets. */
export function cycleLoss([x]: number[]): number {
  setScale(x * x);
  const through = scale * 3;
  setScale(0.5);
  return even(3, x) + through;
}
