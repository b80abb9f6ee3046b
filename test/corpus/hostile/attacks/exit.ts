// hostile: {"exit": 2, "code": "forbidden-call", "says": "process\\.exit was called"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  process.exit(0); // HERE
}
