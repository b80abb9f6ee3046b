// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
JSON.stringify = () => { throw new Error('no JSON'); };
JSON.parse = JSON.stringify as any;

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
