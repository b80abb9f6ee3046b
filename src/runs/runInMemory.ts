import type { RunInFile } from './files/runInFile';
import type { Run } from './run';

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
      for (let row = 0; row < trace.rows; row++) yield { data: trace.record(row), offset: 0 };
    },
  };
}
