// hostile: {"exit": 2, "code": "forbidden-call", "says": "called process\\.exit"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  process.exit(0); // HERE
}
