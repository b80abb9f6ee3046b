// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: a"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  const error = new Error('a'); // HERE
  error.cause = error;
  throw error;
}
