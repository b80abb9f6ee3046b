// hostile: {"exit": 130, "signal": "SIGINT", "timeout": 20000}
import { execSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  console.log('started');
  execSync('sleep 25');
  return x;
}
