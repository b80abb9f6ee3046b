// hostile: {"exit": 2, "code": "never-settles", "says": "waits for a promise that never settles"}
await new Promise(() => {});

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  return x * y;
}
