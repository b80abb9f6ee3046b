import { type Difference, FirstDifferences } from '../core/trace/firstDifferences';
import type { Run } from './run';
import type { RunOrder } from './runOrder';

/** The order that repeats a run as it was: its texts, its configuration, and the learning rates that the user set. */
export function repetitionOf({ record }: Run, rest: Pick<RunOrder, 'diagnosis' | 'limits'>): RunOrder {
  const { source, lossText, config, overrides, start, lrChanges, interventions } = record;
  return {
    source,
    lossText,
    config: { ...config, start },
    overrides,
    lrChanges,
    ...(interventions && { interventions }),
    ...rest,
  };
}

/** How two runs compare, in the steps that both have in memory. */
export interface RepetitionResult {
  readonly compared: number;
  /** null if all numbers have the same bits. */
  readonly first: Difference | null;
}

/** @returns null if the steps of a run are not in memory */
export function compareRepetition({ trace: a }: Run, { trace: b }: Run): RepetitionResult | null {
  if (!a || !b) return null;
  const differences = new FirstDifferences(a.layout, b.layout, 0);
  let compared = 0;
  for (let row = 0; row < a.rows; row++) {
    const other = b.rowOf(a.stepOf(row));
    if (other < 0) continue;
    compared++;
    const [first] = differences.at(a.record(row), 0, b.record(other), 0);
    if (first) return { compared, first };
  }
  return { compared, first: null };
}
