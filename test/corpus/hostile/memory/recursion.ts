// hostile: {"exit": 2, "code": "loss-threw", "says": "RangeError: Maximum call stack size exceeded"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return loss([y!, x!]); // HERE
}
