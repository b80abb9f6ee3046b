// hostile: {"exit": 2, "code": "loss-threw", "says": "threw \"(lo){100}", "longest": 5000}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  throw 'lo'.repeat(25e6);
}
