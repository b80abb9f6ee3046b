// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: rejected"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  void Promise.reject(new Error('rejected')); // HERE
  return x * x + y * y;
}
