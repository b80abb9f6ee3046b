// hostile: {"exit": 2, "code": "import-threw", "says": "called process\\.exit"}
process.exit(0); // HERE

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x;
}
