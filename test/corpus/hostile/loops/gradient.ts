// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s and was stopped \\(--timeout\\)", "timeout": 600}
export const slope = (): number[] => { for (;;); };

/** @start [1, 2]
 * @gradient slope */
export function loss([x, y]: number[]): any { // HERE
  return x * y;
}
