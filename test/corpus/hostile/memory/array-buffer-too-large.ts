// hostile: {"exit": 2, "code": "loss-threw", "says": "RangeError: (Array buffer allocation failed|Invalid typed array length)"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return new Float64Array(1e13).length; // HERE
}
