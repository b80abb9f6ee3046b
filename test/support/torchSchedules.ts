import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ScheduleName } from '../../src/core/schedules/registry';

/** The values of a schedule of torch, written by `test/golden/make_schedules.py`. */
export interface TorchSchedule {
  readonly case: string;
  readonly name: ScheduleName;
  readonly options: Readonly<Record<string, number | boolean | string | readonly number[]>>;
  /** The learning rate of the optimizer. */
  readonly lr: number;
  /** The learning rates of steps 1, 2, … */
  readonly lrs: readonly number[];
  /** beta1 or momentum of the same steps, if the schedule cycles it. */
  readonly betas: readonly number[] | null;
  /**
   * The losses that the schedule observed after steps 1, 2, …; empty for schedules that do not use the loss.
   */
  readonly losses: readonly number[];
}

export function readTorchSchedules(): TorchSchedule[] {
  const { cases } = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../golden/schedules.json'), 'utf8'),
  );
  return cases.map((written: TorchSchedule) => ({
    ...written,
    betas: written.betas ?? null,
    // NaN and infinities are stored as strings.
    losses: (written.losses ?? []).map(Number),
  }));
}
