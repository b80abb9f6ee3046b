// hostile: {"exit": 2, "args": ["--steps", "20"], "code": "loss-threw", "says": "Error: no promises"}
(globalThis as any).Promise = class {
  constructor() {
    throw new Error('no promises'); // HERE
  }
};

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
