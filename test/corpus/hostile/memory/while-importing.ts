// hostile: {"exit": 2, "code": "out-of-memory", "says": "used more than 200 MB and was stopped \\(--memory-limit\\)", "memory": 200, "timeout": 20000}
const a: unknown[] = [];
for (;;) a.push(new Float64Array(1e5).fill(1));

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  return x;
}
