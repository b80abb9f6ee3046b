// hostile: {"exit": 143, "signal": "SIGTERM", "timeout": 20000}
console.log('started');
for (;;);

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x;
}
