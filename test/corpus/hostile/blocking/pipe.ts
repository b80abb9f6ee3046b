// hostile: {"exit": 2, "code": "timeout", "says": "did not return within 0\\.6 s and was stopped \\(--timeout\\)", "timeout": 600}
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const pipe = path.join(path.dirname(fileURLToPath(import.meta.url)), 'pipe');
execFileSync('mkfifo', [pipe]);

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  return readFileSync(pipe, 'utf8').length * x;
}
