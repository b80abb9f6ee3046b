import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ScheduleName } from '../../src/core/schedules/registry';

/** What a schedule of torch gives, as `test/golden/make_schedules.py` wrote it. */
export interface TorchSchedule {
  readonly case: string;
  readonly name: ScheduleName;
  readonly options: Readonly<Record<string, number | boolean | string | readonly number[]>>;
  /** The optimizer's own. */
  readonly lr: number;
  /** Of steps 1, 2, … */
  readonly lrs: readonly number[];
  /** beta1 or momentum of the same steps, where the schedule cycles it. */
  readonly betas: readonly number[] | null;
  /** What the schedule was told after steps 1, 2, …; empty for schedules that do not follow the loss. */
  readonly losses: readonly number[];
}

export function readTorchSchedules(): TorchSchedule[] {
  const { cases } = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../golden/schedules.json'), 'utf8'),
  );
  return cases.map((written: TorchSchedule) => ({
    ...written,
    betas: written.betas ?? null,
    // NaN and infinities are written as strings.
    losses: (written.losses ?? []).map(Number),
  }));
}
