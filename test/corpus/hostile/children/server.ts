// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
import { createServer } from 'node:net';

createServer().listen(0, '127.0.0.1');

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
