// hostile: {"exit": 2, "code": "forbidden-call", "says": "called process\\.reallyExit"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  (process as any).reallyExit(0); // HERE
}
