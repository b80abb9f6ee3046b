// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
performance.now = () => Number.NaN;
Date.now = () => 0;
(globalThis as any).setTimeout = (globalThis as any).setImmediate = () => { throw new Error('no timers'); };

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
