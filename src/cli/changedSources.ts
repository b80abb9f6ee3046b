import { readSourceFile } from '../loss/disk/sourceFile';
import type { RunRecord } from '../runs/runRecord';
import { display } from './findLosses';

/** The files whose text on disk is not the one that the run loaded. */
export function changedSources({ source }: RunRecord): string[] {
  return source.texts.filter(([file, text]) => textOf(file) !== text).map(([file]) => display(file));
}

function textOf(file: string): string | null {
  try {
    return readSourceFile(file);
  } catch {
    return null;
  }
}
