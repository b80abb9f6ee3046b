// hostile: {"exit": 2, "says": ".", "timeout": 600, "grace": [5000, "a process that was stopped is noticed by its silence, after 5 s at least"]}
import { execSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  execSync('kill -STOP $PPID; sleep 25');
  return x;
}
