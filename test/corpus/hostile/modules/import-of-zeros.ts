// hostile: {"exit": 2, "code": "unresolved-import", "says": "."}
import gone from '/dev/zero'; // HERE

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return gone(x, y);
}
