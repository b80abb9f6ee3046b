import { first, linspace, norm, sumBy } from 'vectors';

/** The package receives the parameters. */
export const normLoss = (p: number[]): number => norm(p) + p[0];

/** The package receives plain numbers only. */
export const gridLoss = ([a, b]: number[]): number => {
  const grid: number[] = linspace(0, 1, 5);
  return grid.reduce((s, t) => s + (a * t + b * t * t - 1) ** 2, 0);
};

/** The package calls back into the loss. */
export const calledBackLoss = ([a]: number[]): number => sumBy([1, 2, 3], (x: number) => (a * x - 1) ** 2);

/** The package returns a parameter unchanged. */
export const passedOnLoss = (p: number[]): number => first(p) ** 2 + p[1];

/** Optional calls without arguments, in a program whose functions may come from a package. */
export const optionalCallLoss = ([a, b]: number[]): number => {
  const hooks: Record<string, (() => number) | undefined> = { start: () => a * b, stop: undefined };
  const model = { hooks, scale: linspace(0, 2, 3)[1]! };
  const key = 'stop';
  hooks['stop']?.();
  hooks[key]?.();
  model.hooks /* none */ ?. [key] ?. ();
  (hooks.stop)?.();
  return (hooks['start']?.() ?? 0) * model.scale + (hooks.stop ?. ( ) ?? a) + (model.hooks.start?.() ?? 0);
};
