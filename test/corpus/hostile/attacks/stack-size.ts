// hostile: {"exit": 2, "code": "worker-crashed", "says": "the process that runs loss ended: signal SIGSEGV"}
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--stack-size=100000');

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  return loss([y!, x!]) + 1;
}
