// hostile: {"exit": 2, "says": "is gone|."}
for (const name of ['push', 'map', 'slice', 'filter', 'join', 'forEach', 'flatMap', 'some', 'every'] as const)
  (Array.prototype as any)[name] = () => { throw new Error(`${name} is gone`); };

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
