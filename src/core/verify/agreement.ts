import type { RunConfig } from '../config/runConfig';
import { scheduleOf } from '../phases';

/**
 * The last step up to which two configurations make the same run: they differ in nothing but schedules that are functions of
 * the index, and these agree until then to the last bit. 0 if they differ from the first step on.
 */
export function agreesUntil(one: RunConfig, other: RunConfig): number {
  if (withoutSchedule(one) !== withoutSchedule(other)) return 0;
  const [a, b] = [scheduleOf(one), scheduleOf(other)];
  if (a?.observe || b?.observe || a?.beta || b?.beta) return 0;
  const lr = one.optimizer.lr as number;
  for (let index = 0; index < one.steps; index++)
    if ((a?.lr(index, lr) ?? lr) !== (b?.lr(index, lr) ?? lr)) return index;
  return one.steps;
}

function withoutSchedule(config: RunConfig): string {
  return JSON.stringify({ ...config, schedule: null });
}
