// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"], "loss": "then"}
/** @loss @start [1, 2] */
export function then([x, y]: number[]): number {
  return x! * x! + y! * y!;
}
