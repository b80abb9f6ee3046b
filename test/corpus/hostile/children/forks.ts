// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s and was stopped \\(--timeout\\)", "timeout": 600}
import { execFileSync } from 'node:child_process';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  execFileSync(process.execPath, ['-e', `const { spawn } = require('node:child_process'); for (let i = 0; i < 3; i++) spawn('sleep', ['60'], { detached: true }); setInterval(() => {}, 1000);`]);
}
