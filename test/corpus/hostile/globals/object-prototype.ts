// hostile: {"exit": 2, "says": "."}
for (const name of ['type', 'then', 'code', 'get', 'set', 'value', 'file', 'line', 'message'])
  Object.defineProperty(Object.prototype, name, {
    get() { throw new Error(`${name} is read`); },
    set() { throw new Error(`${name} is written`); },
    configurable: true,
  });

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
