import type { Difference } from '../core/trace/firstDifferences';
import { quantityName } from '../runs/quantityName';
import type { RunRecord } from '../runs/runRecord';

/** "step 812, params[x]: 0.1 and 0.2" */
export function differenceWords(difference: Difference, run: RunRecord): string {
  const { t, a, b } = difference;
  return `step ${t}, ${quantityName(difference, run)}: ${a} and ${b}`;
}
