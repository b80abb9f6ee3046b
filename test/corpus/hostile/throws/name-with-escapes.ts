// hostile: {"exit": 2, "code": "loss-threw", "says": "failed at step 1"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  throw Object.assign(new Error('a'), { name: '\u001b[2J\nE' }); // HERE
}
