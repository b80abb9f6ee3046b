import type { Quantity, RunView } from '../../src/protocol/panel';

/** The quantities of every optimizer at every step. A missing value has overflowed or is undefined. */
const always: ReadonlySet<Quantity> = new Set([
  'loss',
  'best',
  'gradNorm',
  'lr',
  'params',
  'grad',
  'update',
  'absUpdate',
]);

/** Quantities without a value at some steps of any run: quotients of zeros, changes that are not predicted, steps that are not sampled. */
const incomplete: ReadonlySet<Quantity> = new Set([
  'snr',
  'epsShare',
  'updateRatio',
  'rms',
  'watched',
  'predictedChange',
  'actualChange',
  'stability',
  'stabilityLimit',
]);

/**
 * Whether a value that is not finite may be missing. The line is then interrupted, and no problem is
 * reported.
 */
export function mayBeBlank(
  quantity: Quantity,
  { config, training }: Pick<RunView, 'config' | 'training'>,
): boolean {
  // A tensor without a gradient has no values; the rules for recordings report values that are not finite.
  if (training !== null) return quantity !== 'loss';
  const switches = config.some(([key]) => key === 'switch');
  return incomplete.has(quantity) || (switches && !always.has(quantity));
}
