import { isLrOfSchedule } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import type { Subject } from './finding';

/** An option of the configuration as the subject of a finding. */
export function option(...path: readonly string[]): Subject {
  return { kind: 'option', path };
}

/** The learning rate as the subject of a finding. */
export function lrOption(config: RunConfig): Subject {
  return isLrOfSchedule(config) ? option('schedule', 'maxLr') : option('optimizer', 'lr');
}
