// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"], "timeout": 10000}
import { writeSync } from 'node:fs';

for (let i = 0; i < 2e4; i++) writeSync(2, `line ${i}\n`);

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
