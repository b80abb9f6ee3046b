// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"], "at": [9, 4], "value": 4, "grad": [0.5, 1]}
const { sqrt } = Math;
Math.sqrt = (a) => sqrt(a) / 2;

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return Math.sqrt(x) + Math.sqrt(y);
}
