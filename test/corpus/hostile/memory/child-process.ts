// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s and was stopped \\(--timeout\\)", "timeout": 600}
import { execFileSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  return Number(execFileSync(process.execPath, ['-e', 'const a = []; setInterval(() => a.push(Buffer.alloc(1e6, 1)), 1)']));
}
