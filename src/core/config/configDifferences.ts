import type { RunConfig } from './runConfig';

/** An option that two configurations set differently. */
export interface ConfigDifference {
  /** "optimizer.lr" */
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** The options in which two configurations differ, in the order of the first one. */
export function configDifferences(a: RunConfig, b: RunConfig): ConfigDifference[] {
  return differences('', a, b);
}

function differences(path: string, a: unknown, b: unknown): ConfigDifference[] {
  if (!isObject(a) || !isObject(b))
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, a: a ?? null, b: b ?? null }];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(path === '' ? key : `${path}.${key}`, a[key], b[key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
