// hostile: {"exit": 2, "code": "syntax", "says": "syntax error"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x +; // HERE
}
