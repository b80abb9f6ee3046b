import type { RunConfigPatch } from './runConfig';
import { configKeys } from './validate';

/** The path of an option: `beta2` is an option of the optimizer; `schedule.tMax` and `steps` are paths of the configuration. */
export function optionPath(key: string): string[] {
  return key.includes('.') || configKeys.includes(key) ? key.split('.') : ['optimizer', key];
}

/** The patch that sets one option. */
export function patchAt(path: readonly string[], value: unknown): RunConfigPatch {
  return path.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as RunConfigPatch;
}

/** The value at a path of a configuration; undefined if there is none. */
export function valueAt(config: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], config);
}

/** The value of an option: JSON, a number, or a text. */
export function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return Number.isNaN(Number(text)) ? text : Number(text);
  }
}

/** A value of an option as it is written on the command line. */
export function textOfValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
