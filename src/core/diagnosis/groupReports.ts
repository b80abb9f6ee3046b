import { optionsOfGroup } from '../config/groups';
import { lrPatch } from '../config/readOptions';
import type { GroupConfig, RunConfig, RunConfigPatch } from '../config/runConfig';
import type { FindingReport, Fix, Subject } from './finding';
import { groupRatesInWords } from './fixes';
import { fixId } from './fixId';
import { option } from './subjects';

/** The configuration of a run with the coordinates of one group; g = 0: those outside all groups. */
export function configOfGroup(config: RunConfig, g: number): RunConfig {
  const group = g === 0 ? {} : optionsOfGroup(config.groups![g - 1]!);
  return { ...config, optimizer: { ...config.optimizer, ...group }, groups: null, switch: null, names: null };
}

/**
 * A report on coordinates of one group, made from `configOfGroup`: its subject and its fixes are options of the group where it has
 * its own, and else of the optimizer.
 *
 * @param config  the configuration of the run
 */
export function reportOfGroup(report: FindingReport, config: RunConfig, g: number): FindingReport {
  const group = g === 0 ? null : config.groups![g - 1]!;
  return {
    ...report,
    subject: subjectOf(report.subject, group, g),
    fixes: report.fixes.flatMap((fix) => fixOfGroup(fix, config, group, g)),
  };
}

function subjectOf(subject: Subject | null, group: GroupConfig | null, g: number): Subject | null {
  if (subject?.kind !== 'option' || subject.path[0] !== 'optimizer' || group === null) return subject;
  const name = subject.path[1];
  return name !== undefined && Object.hasOwn(group, name) ? option('groups', String(g - 1), name) : subject;
}

/** The fix with the options of the group where it has its own; none if it names another optimizer, which has no groups. */
function fixOfGroup(fix: Fix, config: RunConfig, group: GroupConfig | null, g: number): Fix[] {
  const given = fix.patch?.optimizer;
  if (!fix.patch || !given) return [fix];
  if (group === null) {
    const isOthers = config.groups!.some((each) =>
      Object.keys(given).some((name) => Object.hasOwn(each, name)),
    );
    return [isOthers ? { ...fix, title: `${fix.title} outside the groups` } : fix];
  }
  if ('name' in given && given.name !== config.optimizer.name) return [];
  const own: Record<string, unknown> = {};
  const shared: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given))
    (Object.hasOwn(group, name) ? own : shared)[name] = value;
  const isOwn = Object.keys(own).length > 0;
  const { optimizer: _, ...rest } = fix.patch;
  const base: RunConfigPatch = typeof shared.lr === 'number' ? lrPatch(config, shared.lr) : {};
  const optimizer = { ...base.optimizer, ...(shared as RunConfigPatch['optimizer']) };
  const groups = (base.groups ?? config.groups)!.map((each, k) =>
    k === g - 1 ? ({ ...each, ...own } as GroupConfig) : each,
  );
  const patch: RunConfigPatch = {
    ...rest,
    ...(Object.keys(optimizer).length > 0 && { optimizer }),
    ...((isOwn || base.groups) && { groups }),
  };
  const title = isOwn
    ? `${fix.title} for ${selectionWords(group)}`
    : `${fix.title}${groupRatesInWords(base)}`;
  return [{ ...fix, id: fixId(patch), title, patch }];
}

/** The coordinates of a group as its tag names them: "b", "0..9". */
function selectionWords({ names = [], ranges = [] }: GroupConfig): string {
  const shown = [...names, ...ranges.map(([from, to]) => (from === to ? `${from}` : `${from}..${to}`))];
  return shown.length > 3 ? `${shown.slice(0, 3).join(' ')} …` : shown.join(' ');
}
