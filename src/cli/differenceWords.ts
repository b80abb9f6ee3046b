import { coordinateNames } from '../core/coordinateNames';
import type { Difference } from '../core/trace/firstDifferences';
import type { RunRecord } from '../runs/runRecord';

/** "step 812, params[x]: 0.1 and 0.2" */
export function differenceWords({ t, quantity, coordinate, a, b }: Difference, run: RunRecord): string {
  const nameOf = coordinateNames(run.config.names, run.source.parameterName, run.layout?.dim ?? 0);
  const name = coordinate === null ? quantity : `${quantity}[${nameOf(coordinate)}]`;
  return `step ${t}, ${name}: ${a} and ${b}`;
}
