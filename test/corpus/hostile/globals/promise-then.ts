// hostile: {"exit": 2, "says": ".", "timeout": 600}
Promise.prototype.then = () => { throw new Error('no then'); };

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
