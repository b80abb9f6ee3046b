// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s and was stopped \\(--timeout\\)", "timeout": 600}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  throw Object.defineProperty(new Error('a'), 'message', { get() { for (;;); } });
}
