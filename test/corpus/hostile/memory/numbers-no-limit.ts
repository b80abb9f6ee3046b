// hostile: {"exit": 2, "code": "out-of-memory", "says": "memory", "timeout": 20000, "grace": [6000, "the engine takes this long to fill 2 GB"]}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  const a: number[] = [];
  for (;;) a.push(0.5);
}
