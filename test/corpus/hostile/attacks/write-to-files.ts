// hostile: {"exit": 2, "code": "worker-crashed", "says": "its messages cannot be read"}
import { writeSync } from 'node:fs';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  for (let file = 1; file <= 4; file++)
    try {
      writeSync(file, '\u0000\u00ff garbage'.repeat(1000));
    } catch {}
  return x * x;
}
