// hostile: {"exit": 2, "code": "loss-threw", "says": "AggregateError"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  throw new AggregateError(Array.from({ length: 1e5 }, (_, i) => new Error(String(i))), 'many'); // HERE
}
