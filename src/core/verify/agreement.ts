import type { RunConfig } from '../config/runConfig';
import { groupPhasesOf } from '../groups';
import { scheduleOf } from '../phases';

/**
 * The last step up to which the runs of two configurations are identical. The configurations may differ only
 * in schedules that are functions of the step index; up to that step their learning rates agree in every bit.
 * 0 if the runs differ from the first step on.
 */
export function agreesUntil(one: RunConfig, other: RunConfig): number {
  if (withoutSchedule(one) !== withoutSchedule(other)) return 0;
  const [a, b] = [scheduleOf(one), scheduleOf(other)];
  if (a?.observe || b?.observe || a?.beta || b?.beta) return 0;
  const groups = groupPhasesOf(one) ?? [];
  const rates = new Set([one.optimizer.lr, ...groups.map(({ options }) => options.lr)] as number[]);
  for (let index = 0; index < one.steps; index++)
    for (const lr of rates) if ((a?.lr(index, lr) ?? lr) !== (b?.lr(index, lr) ?? lr)) return index;
  return one.steps;
}

function withoutSchedule(config: RunConfig): string {
  return JSON.stringify({ ...config, schedule: null });
}
