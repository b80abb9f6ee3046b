// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: tick"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  process.nextTick(() => { throw new Error('tick'); }); // HERE
  return new Promise(() => setInterval(() => {}, 1000));
}
