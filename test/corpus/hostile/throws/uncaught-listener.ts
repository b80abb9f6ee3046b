// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s", "timeout": 600}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', () => {});
  setTimeout(() => { throw new Error('timer'); }, 5);
  return new Promise(() => setInterval(() => {}, 1000));
}
