// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: immediate"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  setImmediate(() => { throw new Error('immediate'); }); // HERE
  return new Promise(() => setInterval(() => {}, 1000));
}
