import type { RunConfigPatch } from '../config/runConfig';

/** As it was when this module was loaded: the user's code runs in the same thread and may replace it. */
const { stringify } = JSON;

/** "optimizer.lr=0.001": what a patch sets. Two fixes with the same id are the same fix. */
export function fixId(patch: RunConfigPatch): string {
  return settingsOf('', patch).join(',');
}

function settingsOf(path: string, value: unknown): string[] {
  if (typeof value === 'string') return [`${path}=${value}`];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path}=${stringify(value)}`];
  return Object.entries(value).flatMap(([key, each]) =>
    settingsOf(path === '' ? key : `${path}.${key}`, each),
  );
}
