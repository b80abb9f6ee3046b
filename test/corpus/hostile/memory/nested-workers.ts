// hostile: {"exit": 2, "code": "out-of-memory", "says": "used more than 300 MB and was stopped \\(--memory-limit\\)", "memory": 300, "timeout": 20000}
import { Worker } from 'node:worker_threads';

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  for (let i = 0; i < 3; i++)
    new Worker('const a = []; for (;;) a.push(new Float64Array(1e5).fill(1));', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 4000 } });
  return new Promise(() => setInterval(() => {}, 1000));
}
