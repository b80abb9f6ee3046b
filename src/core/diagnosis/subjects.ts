import { isLrOfSchedule } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import type { Subject } from './finding';

/** An option of the configuration as the subject of a finding. */
export function option(...path: readonly string[]): Subject {
  return { kind: 'option', path };
}

/** The learning rate as the subject of a finding; null with parameter groups, where several may be the cause. */
export function lrOption(config: RunConfig): Subject | null {
  if (config.groups) return null;
  return isLrOfSchedule(config) ? option('schedule', 'maxLr') : option('optimizer', 'lr');
}
