// hostile: {"exit": 2, "says": "."}
Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error('no calls'); };

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
