// hostile: {"exit": 2, "code": "loss-threw", "says": "failed at step 1"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  throw new Proxy({}, { get() { throw new Error('trap'); }, ownKeys() { throw new Error('trap'); }, getPrototypeOf() { throw new Error('trap'); } }); // HERE
}
