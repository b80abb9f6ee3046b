// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
import { parentPort, workerData } from 'node:worker_threads';

const words = (workerData as any)?.start?.control?.words;
if (words) new Int32Array(words).fill(-1);
parentPort?.postMessage({ type: 'done' });
(parentPort as any)?.close();

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
