// hostile: {"exit": 2, "code": "loss-threw", "says": "failed at step 1"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  throw Object.assign(new Error('a'), { message: { toString: null, valueOf: null }, name: null });
}
