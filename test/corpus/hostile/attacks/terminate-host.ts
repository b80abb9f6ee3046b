// hostile: {"exit": 143}
import { execSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  execSync(`kill -TERM ${process.ppid}; sleep 20`);
  return x;
}
