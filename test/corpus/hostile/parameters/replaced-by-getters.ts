// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
/** @start [1, 2] */
export function loss(p: number[]): any {
  const [x, y] = p;
  Object.defineProperty(p, 0, { get() { throw new Error('late'); } });
  return x! * x! + y! * y!;
}
