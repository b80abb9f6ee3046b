import { setImmediate as rest } from 'node:timers/promises';
import type { RunInFile } from './files/runInFile';
import type { Run } from './run';

/** After this time the reader lets other work go on: a file would do the same. */
const busyMs = 20;

/**
 * A run whose steps are in memory, in the form of a run in a file.
 *
 * @param name  stands for the name of the file
 * @returns null if its steps are not in memory
 */
export function runInMemory({ record, trace }: Run, name: string): RunInFile | null {
  if (!trace) return null;
  return {
    file: name,
    record: { ...record, layout: trace.layout },
    stride: trace.stride,
    damage: null,
    async *steps() {
      let since = performance.now();
      for (let row = 0; row < trace.rows; row++) {
        yield { data: trace.record(row), offset: 0 };
        if (performance.now() - since < busyMs) continue;
        await rest();
        since = performance.now();
      }
    },
  };
}
