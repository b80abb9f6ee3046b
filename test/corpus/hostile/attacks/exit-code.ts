// hostile: {"exit": 0, "json": {"steps": 20}, "args": ["--steps", "20"]}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  process.exitCode = 7;
  return x * x + y * y;
}
