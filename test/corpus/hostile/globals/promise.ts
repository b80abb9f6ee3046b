// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
(globalThis as any).Promise = class {
  constructor() {
    throw new Error('no promises');
  }
};

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
