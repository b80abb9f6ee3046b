// hostile: {"exit": 2, "says": ".", "timeout": 600, "code": "timeout"}
import { openSync, readSync } from 'node:fs';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  const block = Buffer.alloc(2 ** 20);
  const zeros = openSync('/dev/zero', 'r');
  for (;;) readSync(zeros, block);
}
