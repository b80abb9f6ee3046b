// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
import * as whole from './imports-itself';

export const square = (a: number) => a * a;

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return whole.square(x) + whole.square(y);
}
