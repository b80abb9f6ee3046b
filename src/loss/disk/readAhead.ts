/** The maximum number of reads in progress. */
const readAheadCount = 32;

/**
 * Reads many files and yields the results in the order of the files. Starts later reads before they are
 * needed.
 *
 * @param read  never rejects
 */
export async function* readAhead<File, Read>(
  files: readonly File[],
  read: (file: File) => Promise<Read>,
): AsyncGenerator<Read> {
  const pending: Promise<Read>[] = [];
  let next = 0;
  for (let taken = 0; taken < files.length; taken++) {
    while (next < files.length && pending.length < readAheadCount) pending.push(read(files[next++]!));
    yield await pending.shift()!;
  }
}
