import { readFileSync } from 'node:fs';
import { optionPath, parsedValue, patchAt } from '../core/config/optionPath';
import { mergePatches } from '../core/config/resolve';
import type { RunConfigPatch, Start } from '../core/config/runConfig';
import { readStart } from '../loss/start/startText';
import { BadInput } from './badInput';
import { oneLine } from './oneLine';

export interface RunFlags {
  readonly config?: string;
  readonly optimizer?: string;
  readonly schedule?: string;
  readonly lr?: string;
  readonly steps?: string;
  readonly start?: string;
  readonly seed?: string;
  readonly set?: readonly string[];
}

/**
 * The configuration layers from the flags, weakest first: `--config`, then the single flags.
 *
 * @throws BadInput if a value cannot be read
 */
export function layersOf(flags: RunFlags): RunConfigPatch[] {
  const single: Record<string, unknown> = {};
  if (flags.optimizer !== undefined || flags.lr !== undefined)
    single.optimizer = {
      ...(flags.optimizer === undefined ? {} : { name: flags.optimizer }),
      ...(flags.lr === undefined ? {} : { lr: numberOf('--lr', flags.lr) }),
    };
  if (flags.schedule !== undefined)
    single.schedule = flags.schedule === 'none' ? null : { name: flags.schedule };
  if (flags.steps !== undefined) single.steps = numberOf('--steps', flags.steps);
  if (flags.seed !== undefined) single.seed = numberOf('--seed', flags.seed);
  if (flags.start !== undefined) single.start = vectorOf('--start', flags.start);
  const settings = (flags.set ?? []).map(settingOf).reduce(mergePatches, single as RunConfigPatch);
  return flags.config === undefined ? [settings] : [configOf(flags.config), settings];
}

/**
 * A point: a list of numbers, or a number for each name, `a=0,b=1`.
 *
 * @throws BadInput if the text is not one
 */
export function vectorOf(flag: string, text: string): Start {
  const { start, wrong } = readStart(text);
  if (start !== undefined) return start;
  throw new BadInput(
    /[=:]/.test(text)
      ? `${flag} must have a number for each name, as in a=0,b=1; got ${JSON.stringify(wrong)}`
      : notANumber(flag, wrong),
  );
}

/** @throws BadInput if the text is not a number */
export function numberOf(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new BadInput(notANumber(flag, text));
  return value;
}

function notANumber(flag: string, text: string): string {
  return `${flag} must be a number, got ${JSON.stringify(text)}`;
}

/** Parses KEY=VALUE. */
function settingOf(text: string): RunConfigPatch {
  const at = text.indexOf('=');
  if (at <= 0 || text.slice(at + 1).trim() === '')
    throw new BadInput(`--set must be KEY=VALUE, got ${JSON.stringify(text)}`);
  return patchAt(optionPath(text.slice(0, at)), parsedValue(text.slice(at + 1)));
}

function configOf(given: string): RunConfigPatch {
  const isInline = given.trimStart().startsWith('{');
  let text = given;
  if (!isInline)
    try {
      text = readFileSync(given, 'utf8').replace(/^\ufeff/, '');
    } catch {
      throw new BadInput(`--config: there is no file ${given}`);
    }
  try {
    return JSON.parse(text) as RunConfigPatch;
  } catch (error) {
    throw new BadInput(
      `--config${isInline ? '' : ` ${given}`} is not JSON: ${oneLine((error as Error).message)}`,
    );
  }
}
