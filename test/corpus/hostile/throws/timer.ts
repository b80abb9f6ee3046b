// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: timer"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  setTimeout(() => { throw new Error('timer'); }, 5); // HERE
  return new Promise(() => setInterval(() => {}, 1000));
}
