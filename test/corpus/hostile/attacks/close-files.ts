// hostile: {"exit": 2, "code": "worker-crashed", "says": "the process that runs loss ended"}
import { closeSync } from 'node:fs';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  for (let file = 0; file <= 10; file++)
    try {
      closeSync(file);
    } catch {}
  for (;;);
}
