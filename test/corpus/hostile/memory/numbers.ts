// hostile: {"exit": 2, "code": "out-of-memory", "says": "used more than 300 MB and was stopped \\(--memory-limit\\)", "memory": 300, "timeout": 20000}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  const a: number[] = [];
  for (;;) a.push(0.5);
}
