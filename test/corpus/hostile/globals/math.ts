// hostile: {"exit": 0, "json": {"steps": 20, "final": {"loss": 7}}, "args": ["--steps", "20"]}
Math.abs = () => 7;

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return Math.abs(x);
}
