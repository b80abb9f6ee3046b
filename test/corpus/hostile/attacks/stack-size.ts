// hostile: {"exit": 2, "code": "loss-threw", "says": "RangeError: Maximum call stack size exceeded"}
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--stack-size=100000');

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return loss([y!, x!]) + 1; // HERE
}
