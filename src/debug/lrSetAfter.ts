import type { LrChanges } from '../core/lrByHand';
import type { Run } from '../runs/run';
import type { RunOrder } from '../runs/runOrder';

/**
 * The learning rate that was set after a step; null if none was. The record has it from the next step on, and until then only the order
 * of the run.
 */
export function lrSetAfter({ record }: Run, order: RunOrder | null, at: number): number | null {
  const of = (changes: LrChanges) => changes.find(([t]) => t === at + 1)?.[1];
  return of(record.lrChanges) ?? of(order?.lrChanges ?? []) ?? null;
}
