// hostile: {"exit": 2, "code": "loss-threw", "says": "threw"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  throw { a: 1n };
}
