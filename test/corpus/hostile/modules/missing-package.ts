// hostile: {"exit": 2, "code": "unresolved-import", "says": "no-such-package-for-this"}
import { gone } from 'no-such-package-for-this'; // HERE

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return gone(x, y);
}
