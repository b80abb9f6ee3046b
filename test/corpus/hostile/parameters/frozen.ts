// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
/** @start [1, 2] */
export function loss(p: number[]): any {
  Object.freeze(p);
  return p[0]! ** 2 + p[1]! ** 2;
}
