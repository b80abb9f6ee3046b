// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: timer"}
setTimeout(() => { throw new Error('timer'); }, 0); // HERE

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
