// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
import { Worker } from 'node:worker_threads';

new Worker('process.exit(3)', { eval: true });

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
