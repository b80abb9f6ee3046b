// hostile: {"exit": 0, "json": {"steps": 1}, "args": ["--steps", "1", "--start", "9,4"]}
const { sqrt } = Math;
Math.sqrt = (a) => sqrt(a) / 2;

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  if (Math.sqrt(4) !== 1) throw new Error("the patch is gone");
  return Math.sqrt(x) + Math.sqrt(y);
}
