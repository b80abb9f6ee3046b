import type { OptionConflict, OptionSpecs, OptionsOf } from '../config/options';

/**
 * The learning rate of a step. `index` is t − 1, torch's count of scheduler steps done before step t; `lr` is the
 * optimizer's own learning rate, which the user may change while the run goes on.
 */
export type Schedule = (index: number, lr: number) => number;

export interface ScheduleDefinition<S extends OptionSpecs = OptionSpecs> {
  readonly title: string;
  readonly doc: string;
  readonly options: S;
  conflict?(options: OptionsOf<S>): OptionConflict | null;
  create(options: OptionsOf<S>): Schedule;
}
