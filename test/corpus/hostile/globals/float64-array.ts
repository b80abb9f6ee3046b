// hostile: {"exit": 2, "says": "."}
(globalThis as any).Float64Array = class {
  constructor() {
    throw new Error('no arrays');
  }
};

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
