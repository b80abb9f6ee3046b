// hostile: {"exit": 2, "says": ".", "timeout": 600, "grace": 3000}
import { execSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  execSync('kill -STOP $PPID; sleep 25');
  return x;
}
