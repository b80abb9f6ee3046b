// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: (lo){100}", "longest": 5000}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  throw new Error('lo'.repeat(25e6)); // HERE
}
