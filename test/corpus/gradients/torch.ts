import type { Point } from './case';
import values from './torch/values.json';

/** Points whose values and gradients torch's autograd gave, in float64; `torch/make.py` makes them. */
export function byTorch(name: keyof typeof values): Point[] {
  return values[name];
}
