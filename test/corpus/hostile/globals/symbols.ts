// hostile: {"exit": 0, "json": {"steps": 20, "stopped": "steps"}, "args": ["--steps", "20"]}
Object.defineProperty(Symbol, 'for', { value: () => 'x' });
Symbol.prototype.toString = () => 'x';

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
