// hostile: {"exit": 2, "says": ".", "timeout": 600}
import { MessagePort } from 'node:worker_threads';

MessagePort.prototype.postMessage = () => {};

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
