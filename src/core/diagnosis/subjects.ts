import { isLrOfSchedule } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import type { Subject } from './finding';

/** An option of the configuration as what a finding is about. */
export function option(...path: readonly string[]): Subject {
  return { kind: 'option', path };
}

/** The learning rate as what a finding is about. */
export function lrOption(config: RunConfig): Subject {
  return isLrOfSchedule(config) ? option('schedule', 'maxLr') : option('optimizer', 'lr');
}
