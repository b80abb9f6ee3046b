import type { Point } from './case';
import values from './torch/values.json';

/** Points with the values and gradients of torch's autograd in float64; `torch/make.py` creates them. */
export function byTorch(name: keyof typeof values): Point[] {
  return values[name];
}
