// hostile: {"exit": 2, "code": "forbidden-call", "says": "called process\\.abort"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  process.abort(); // HERE
}
