// hostile: {"exit": 2, "code": "loss-threw", "says": "threw"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  throw new Proxy({}, { get() { throw new Error('trap'); }, ownKeys() { throw new Error('trap'); }, getPrototypeOf() { throw new Error('trap'); } });
}
