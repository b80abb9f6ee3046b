// hostile: {"exit": 2, "code": "worker-crashed", "says": "the process that runs loss ended"}
import { execSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  execSync('kill -TERM $PPID; sleep 5');
  return x;
}
