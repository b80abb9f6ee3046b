// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
/** @loss
 * @start [1, 2]
 * @names __proto__ constructor */
export function loss([x, y]: number[]): number {
  return x! * x! + y! * y!;
}
