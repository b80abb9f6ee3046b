import type { OptionConflict, OptionSpecs, OptionsOf } from '../config/optionSpecs';

/** The memory of a schedule, by name. */
export type ScheduleMemory = Readonly<Record<string, number>>;

/**
 * The learning rate as a function of the step. `index` is torch's count of scheduler steps before step t: t − 1,
 * or the number of epochs before it if the unit is the epoch.
 */
export interface Schedule {
  /**
   * The learning rate of a step.
   *
   * @param lr  the optimizer's own learning rate, which the user may change during the run
   */
  lr(index: number, lr: number): number;
  /** beta1 or momentum of a step, if the schedule cycles it. */
  beta?(index: number): number;
  /** Receives the watched loss after every update, or after every epoch if one is watched. */
  observe?(loss: number): void;
  /**
   * The memory of the schedule, from which `restore` continues. Absent if the schedule is a function of the
   * index.
   */
  save?(): ScheduleMemory;
  restore?(memory: ScheduleMemory): void;
}

export interface ScheduleDefinition<S extends OptionSpecs = OptionSpecs> {
  readonly title: string;
  readonly doc: string;
  readonly options: S;
  /** @param length  the length of the run in the unit of the schedule */
  conflict?(options: OptionsOf<S>, length: number): OptionConflict | null;
  /** Whether it cycles the optimizer's beta1 or momentum; absent: never. */
  cycles?(options: OptionsOf<S>): boolean;
  /** @param maximizes  whether the run maximizes; the losses that it observes are then those of the negated objective */
  create(options: OptionsOf<S>, maximizes?: boolean): Schedule;
}
