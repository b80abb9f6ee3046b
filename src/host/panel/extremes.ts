import type { Extremes } from '../../protocol/panel';
import type { Run } from '../../runs/run';

/** The steps that stand out among the recorded ones; 0 where there is none. */
export function extremesOf({ trace, quantities, record }: Run): Extremes {
  const largest = (quantity: 'updateNorm' | 'gradNorm' | 'loss', sign: 1 | -1): number => {
    if (!trace || !quantities?.has(quantity)) return 0;
    const read = quantities.reader(quantity, -1);
    let [most, step] = [Number.NEGATIVE_INFINITY, 0];
    for (let row = 0; row < trace.rows; row++) {
      const value = sign * trace.read(row, read);
      if (!(value > most)) continue;
      most = value;
      step = trace.stepOf(row);
    }
    return step;
  };
  return {
    largestUpdate: largest('updateNorm', 1),
    largestGradient: largest('gradNorm', 1),
    lowestLoss: largest('loss', record.config.maximize ? 1 : -1),
  };
}
