// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s and was stopped \\(--timeout\\)", "timeout": 600, "json": {"stopped": "timeout"}}
let calls = 0;
export const slope = ([x, y]: number[]) => [2 * x!, 2 * y!];

/** @start [1, 2]
 * @gradient slope */
export function loss([x, y]: number[]): any { // HERE
  if (++calls > 99) for (;;);
  return x * x + y * y;
}
