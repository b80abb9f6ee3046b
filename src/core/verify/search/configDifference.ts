import { changed } from '../../analysis/recordedRun';
import { baseLr } from '../../config/readOptions';
import { resolveConfig } from '../../config/resolve';
import type { RunConfig, RunConfigPatch } from '../../config/runConfig';
import type { ConfigFix, Fix } from '../../diagnosis/finding';
import { fixId } from '../../diagnosis/fixId';
import { clipWords, groupWords, optimizerWords, scheduleWords } from '../../diagnosis/settingWords';

/** The fix that leads from one configuration to another one; null if no patch does. */
export function fixBetween(from: RunConfig, to: RunConfig): ConfigFix | null {
  const optimizer = optimizerPatch(from, to);
  const schedule = isSame(from.schedule, to.schedule) ? undefined : to.schedule;
  const clip = isSame(from.clip, to.clip) ? undefined : to.clip;
  // Another optimizer discards the groups.
  const isRenamed = optimizer !== null && optimizer !== undefined && 'name' in optimizer;
  const groups = isRenamed || isSame(from.groups, to.groups) ? undefined : to.groups;
  const patch: RunConfigPatch = {
    ...(groups === undefined ? {} : { groups }),
    ...(optimizer ? { optimizer } : {}),
    ...(schedule === undefined ? {} : { schedule }),
    ...(clip === undefined ? {} : { clip }),
  };
  const reached = changed(from, patch);
  if (!reached || !isSame(reached, to)) return null;
  const title = [
    ...(optimizer ? [optimizerWords(optimizer)] : []),
    ...(schedule === undefined ? [] : [scheduleWords(to.schedule)]),
    ...(clip === undefined ? [] : [clipWords(to.clip)]),
    // The learning rates of the user's own groups change with that of the run.
    ...(groups && !from.groups ? [groups.map(groupWords).join('; ')] : []),
  ].join(', ');
  return title === '' ? null : { id: fixId(patch), title, patch, verified: null };
}

/** More decades than a learning rate can change. */
const mostDecades = 1000;

/**
 * The number of settings that a fix changes; a schedule counts as one, and each new parameter group. An edit that does not change the function counts
 * as none, another edit as one. Among equal numbers, the learning rate that is nearer to that
 * of the configuration is the smaller change.
 */
export function sizeOfChange({ patch, edit }: Fix, from: RunConfig): number {
  if (edit) return edit.meaning.kind === 'same' ? 0 : 1;
  const { optimizer, schedule, groups, ...others } = patch;
  const options = optimizer ? Object.keys(optimizer).length : 0;
  const lr = optimizer?.name === undefined ? optimizer?.lr : undefined;
  const decades = typeof lr === 'number' ? Math.abs(Math.log10(lr / baseLr(from))) : 0;
  const newGroups = from.groups ? 0 : (groups?.length ?? 0);
  const settings = options + (schedule === undefined ? 0 : 1) + newGroups + Object.keys(others).length;
  return settings + Math.min(decades / mostDecades, 0.5);
}

type Options = Readonly<Record<string, RunConfig['optimizer'][string]>>;

function optimizerPatch(from: RunConfig, to: RunConfig): Options | null {
  const isOther = from.optimizer.name !== to.optimizer.name;
  const below: Options = isOther
    ? resolveConfig([{ optimizer: { name: to.optimizer.name } }]).config.optimizer
    : from.optimizer;
  const options = Object.entries(to.optimizer).filter(
    ([key, value]) => key !== 'name' && ((isOther && key === 'lr') || !isSame(value, below[key])),
  );
  if (!isOther && options.length === 0) return null;
  return { ...(isOther ? { name: to.optimizer.name } : {}), ...Object.fromEntries(options) };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
