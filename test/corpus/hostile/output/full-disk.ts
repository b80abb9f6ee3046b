// hostile: {"exit": 2, "says": "--steps-out: /dev/full cannot be written", "located": false, "args": ["--steps", "20000", "--steps-out", "/dev/full"]}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
