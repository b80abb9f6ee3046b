// hostile: {"exit": 2, "says": "Error: thenable", "code": "loss-threw"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return { then() { throw new Error('thenable'); } }; // HERE
}
