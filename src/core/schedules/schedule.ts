import type { OptionConflict, OptionSpecs, OptionsOf } from '../config/optionSpecs';

/** What a schedule remembers, by name. */
export type ScheduleMemory = Readonly<Record<string, number>>;

/** The plan of a learning rate. `index` is t − 1, torch's count of scheduler steps done before step t. */
export interface Schedule {
  /**
   * The learning rate of a step.
   *
   * @param lr  the optimizer's own learning rate, which the user may change while the run goes on
   */
  lr(index: number, lr: number): number;
  /** beta1 or momentum of a step, where the schedule cycles it. */
  beta?(index: number): number;
  /** Told the watched loss after every update, or every epoch where one is watched: for schedules that follow it. */
  observe?(loss: number): void;
  /** All that it remembers, for schedules that do: given back, it goes on from there. Absent: a function of the index. */
  save?(): ScheduleMemory;
  restore?(memory: ScheduleMemory): void;
}

export interface ScheduleDefinition<S extends OptionSpecs = OptionSpecs> {
  readonly title: string;
  readonly doc: string;
  readonly options: S;
  /** @param steps  of the run */
  conflict?(options: OptionsOf<S>, steps: number): OptionConflict | null;
  /** Whether it cycles the optimizer's beta1 or momentum; absent: never. */
  cycles?(options: OptionsOf<S>): boolean;
  create(options: OptionsOf<S>): Schedule;
}
