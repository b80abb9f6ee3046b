// hostile: {"exit": 2, "code": "loss-threw", "says": "TypeError: Cannot assign to read only property"}
/** @start [1, 2] */
export function loss(p: number[]): any {
  Object.freeze(p);
  p[0] = 1; // HERE
  return 1;
}
