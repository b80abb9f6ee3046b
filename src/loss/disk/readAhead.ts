/** So many files are read ahead of the one that is looked at. */
const readAheadCount = 32;

/**
 * What is read for each of many files, in their order, some of it ahead.
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
