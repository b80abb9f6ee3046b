// hostile: {"exit": 2, "code": "loss-threw", "says": "Error: a"}
/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  throw Object.assign(new Error('a'), { stack: '    at ('.repeat(6e6) });
}
