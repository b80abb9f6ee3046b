// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  console.log('\u001b[2J\u001b]0;title\u0007 a\rb');
  return x * x + y * y;
}
