// hostile: {"exit": 2, "code": "forbidden-call", "says": "called process\\.exit"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return new Promise(() => setTimeout(() => process.exit(0), 5)); // HERE
}
