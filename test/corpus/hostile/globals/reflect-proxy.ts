// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
(globalThis as any).Proxy = (globalThis as any).Reflect = (globalThis as any).WeakMap = null;

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
