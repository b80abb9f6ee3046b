import type { Quantity, RunView } from '../../src/protocol/panel';

/** What every optimizer has at every step: a number that is missing here has overflowed or is undefined. */
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
const nowAndThen: ReadonlySet<Quantity> = new Set([
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

/** Whether a value that is not finite may simply be none: then the line breaks, and nothing is called wrong. */
export function mayBeBlank(quantity: Quantity, { config }: Pick<RunView, 'config'>): boolean {
  const switches = config.some(([key]) => key === 'switch');
  return nowAndThen.has(quantity) || (switches && !always.has(quantity));
}
