// hostile: {"exit": 2, "says": "the process of loss was ended by the system|the process that runs loss ended"}
import { execSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  execSync('kill -9 0');
  return x;
}
