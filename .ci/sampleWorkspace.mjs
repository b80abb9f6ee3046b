import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

function hash(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function readRecord(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Keeps a copy of the samples that the user may change. New and unchanged samples are updated; samples that
 * the user changed or deleted are not.
 *
 * @param samples  the folder to copy
 * @param copy     the copy; next to it, `<copy>.json` records what was copied
 */
export function refreshSamples(samples, copy) {
  const recordFile = `${copy}.json`;
  const record = existsSync(copy) ? readRecord(recordFile) : {};
  mkdirSync(copy, { recursive: true });
  const names = existsSync(samples) ? readdirSync(samples, { recursive: true }).map(String) : [];
  for (const name of names) {
    const source = path.join(samples, name);
    const target = path.join(copy, name);
    if (statSync(source).isDirectory()) continue;
    const untouched = existsSync(target) ? record[name] === hash(target) : !(name in record);
    if (!untouched) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(source, target);
    record[name] = hash(source);
  }
  writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
}
