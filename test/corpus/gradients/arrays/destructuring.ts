type Options = { rate?: number; shift?: { by?: number } | null; label?: string };

export function defaultsLoss([a, b = 2, ...rest]: number[]): number {
  const [c = a * 10, d = b * 100] = rest;
  const { rate = c, shift: { by = d } = {} } = { shift: { by: undefined } } as { rate?: number; shift?: { by?: number } };
  return a * rate + b * by;
}

export function swapLoss([x, y, z]: number[]): number {
  [x, y, z] = [z, x * y, x];
  [x, , y] = [y, 1e9, x];
  const box = { low: x, high: y };
  if (box.low > box.high) [box.low, box.high] = [box.high, box.low];
  ({ low: x } = box);
  return x ** 2 + 2 * y + 3 * z + (box.high - box.low);
}

export function optionsLoss([x, y]: number[], _context: unknown, options?: Options): number {
  const { rate = x, ...others } = { ...options, label: 'none' };
  const all: Options = { ...others, shift: null };
  const by = all.shift?.by ?? y;
  const missing = (options as any)?.schedule?.[0].at(x);
  return rate * by + (missing ?? x) + (all.label?.length ?? 0);
}

export function dictionaryLoss([mass, speed, height]: number[]): number {
  const state = Object.assign({}, { mass, speed }, { height });
  const scaled = Object.fromEntries(Object.entries(state).map(([k, v]) => [k, v * k.length]));
  const { mass: m, ...rest } = scaled;
  return Object.values(rest).reduce((s, v) => s + v ** 2, m * state['speed']);
}
