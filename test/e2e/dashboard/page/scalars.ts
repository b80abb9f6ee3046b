import type { Trace } from './simulation';

/** [lossNow, bestLoss, bestStep, lrNow, gradNormNow] at a step. */
export function scalarsAt(trace: Trace, steps: number): Float64Array {
  const at = (key: string) => trace.columns.get(key)?.[steps - 1] ?? Number.NaN;
  const best = at('best');
  const bestStep = (trace.columns.get('loss')?.indexOf(best) ?? -1) + 1;
  return Float64Array.of(at('loss'), best, bestStep > 0 ? bestStep : Number.NaN, at('lr'), at('gradNorm'));
}
