// hostile: {"exit": 2, "says": "."}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  (process as any).binding('process_methods').reallyExit(0); // HERE
}
