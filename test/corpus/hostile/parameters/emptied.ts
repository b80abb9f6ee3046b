// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
/** @start [1, 2] */
export function loss(p: number[]): any {
  const [x, y] = p;
  p.length = 0;
  return x! * x! + y! * y!;
}
