// hostile: {"exit": 2, "says": "standard output", "located": false, "stdout": "/dev/full"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
