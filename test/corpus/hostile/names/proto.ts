// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"], "loss": "__proto__"}
/** @loss @start [1, 2] */
export function __proto__([x, y]: number[]): number {
  return x! * x! + y! * y!;
}
