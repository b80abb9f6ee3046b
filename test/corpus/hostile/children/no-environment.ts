// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
import { spawn } from 'node:child_process';

spawn('/bin/sleep', ['60'], { env: {}, stdio: 'ignore' });

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
