// hostile: {"exit": 2, "code": "loss-threw", "says": "RangeError: Invalid string length"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  let s = 'abc';
  for (;;) s += s; // HERE
}
