// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
process.on('exit', () => { for (;;); });
process.on('beforeExit', () => { for (;;); });

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
