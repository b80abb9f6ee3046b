// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
for (const name of Object.getOwnPropertyNames(globalThis)) {
  const value = (globalThis as any)[name];
  if (typeof value === 'function') {
    Object.freeze(value);
    if (value.prototype) Object.freeze(value.prototype);
  }
}

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
