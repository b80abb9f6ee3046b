import { optionsOfGroup } from '../config/groups';
import type { ClipConfig, GroupConfig, OptionValue, ScheduleConfig } from '../config/runConfig';
import { formatNumber } from '../numerics/format';

/** The words for a setting in the title of a fix, short enough for a button: "lr 0.02". A number that is typed from them is the same. */
export function optionWords(name: string, value: OptionValue): string {
  if (typeof value !== 'number') return `${name} ${String(value)}`;
  const short = formatNumber(value, 6);
  return `${name} ${Number(short) === value ? short : String(value)}`;
}

/**
 * "adamw lr 0.02, weightDecay 0.1": the name of another optimizer with its options, because a name alone discards those of the configuration,
 * or options alone.
 */
export function optimizerWords({ name, ...options }: Readonly<Record<string, OptionValue>>): string {
  const words = Object.entries(options).map(([key, value]) => optionWords(key, value));
  return [...(name === undefined ? [] : [`${name} ${words.shift() ?? ''}`]), ...words].join(', ');
}

/** "cosine decay of lr"; a schedule with a learning rate of its own: "maxLr 0.02". */
export function scheduleWords(schedule: ScheduleConfig | null): string {
  switch (schedule?.name) {
    case undefined:
      return 'constant lr';
    case 'cosine':
      return 'cosine decay of lr';
    case 'warmupCosine':
      return `linear warmup over ${schedule.warmup} steps, then cosine decay`;
    case 'linear':
      return `linear warmup over ${schedule.totalIters} steps`;
    default:
      return typeof schedule!.maxLr === 'number' ? optionWords('maxLr', schedule!.maxLr) : schedule!.name;
  }
}

/** "clip the gradient norm at 1" */
export function clipWords(clip: ClipConfig | null): string {
  if (!clip) return 'no clipping';
  return 'norm' in clip
    ? `clip the gradient norm at ${formatNumber(clip.norm)}`
    : `clip the gradient at ${formatNumber(clip.value)}`;
}

/** "mass: lr 2e28, eps 1e-38" */
export function groupWords(group: GroupConfig): string {
  const members = [
    ...(group.names ?? []),
    ...(group.ranges ?? []).map(([from, to]) => (from === to ? String(from) : `${from}..${to}`)),
  ];
  const options = Object.entries(optionsOfGroup(group)).map(([name, value]) => optionWords(name, value));
  return `${members.join(' ')}: ${options.join(', ')}`;
}
