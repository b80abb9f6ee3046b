// hostile: {"exit": 2, "code": "forbidden-call", "says": "called process\\.kill"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  process.kill(process.pid, 'SIGKILL'); // HERE
}
