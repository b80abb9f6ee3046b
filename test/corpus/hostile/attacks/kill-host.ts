// hostile: {"exit": "SIGKILL", "leaves": "a folder, until the next start"}
import { execSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  execSync(`kill -9 ${process.ppid}; sleep 20`);
  return x;
}
