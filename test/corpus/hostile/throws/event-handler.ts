// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: event"}
import { EventEmitter } from 'node:events';

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  const emitter = new EventEmitter();
  setTimeout(() => emitter.emit('error', new Error('event')), 5); // HERE
  return new Promise(() => setInterval(() => {}, 1000));
}
