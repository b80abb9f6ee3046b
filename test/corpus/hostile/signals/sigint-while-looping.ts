// hostile: {"exit": 130, "signal": "SIGINT", "timeout": 20000}
/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  console.log('started');
  for (;;);
}
