// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"], "timeout": 10000}
for (let i = 0; i < 1e6; i++) console.log('line', i);

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
