// hostile: {"exit": 2, "says": "--steps-out: cannot write", "located": false, "args": ["--steps-out", "no/such/folder"]}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
