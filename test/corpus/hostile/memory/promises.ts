// hostile: {"exit": 2, "code": "out-of-memory", "says": "used more than 200 MB and was stopped \\(--memory-limit\\)", "memory": 200, "timeout": 20000}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  for (;;) void Promise.resolve(x).then((a) => [a, y]);
}
