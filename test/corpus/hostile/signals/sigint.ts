// hostile: {"exit": 130, "signal": "SIGINT", "begins": true, "args": ["--steps", "100000000"]}
let calls = 0;

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  if (++calls === 50) console.log('started');
  return x * x + y * y + 1e-9 * Math.sin(calls);
}
