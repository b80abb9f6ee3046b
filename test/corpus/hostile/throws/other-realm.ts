// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: other"}
import { runInNewContext } from 'node:vm';

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return runInNewContext("throw new Error('other')"); // HERE
}
