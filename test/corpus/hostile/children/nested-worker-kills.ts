// hostile: {"exit": 2, "says": "."}
import { Worker } from 'node:worker_threads';

new Worker("process.kill(process.pid, 'SIGKILL')", { eval: true });
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  return x * x + y * y;
}
