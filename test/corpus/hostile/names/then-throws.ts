// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
export function then() {
  throw new Error('not a promise');
}

/** @loss @start [1, 2] */
export function loss([x, y]: number[]): number {
  return x! * x! + y! * y!;
}
