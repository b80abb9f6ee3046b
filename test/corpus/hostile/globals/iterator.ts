// hostile: {"exit": 2, "says": "."}
(Array.prototype as any)[Symbol.iterator] = () => ({ next: () => ({ done: true }) });

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
