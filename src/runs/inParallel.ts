/**
 * Does a piece of work for each item, at most `count` at once, in order. The signal that the work receives is aborted by
 * `stop`, and by the first failure; no further work is begun then.
 *
 * @throws what the first failed work threw, when all work has ended
 */
export async function inParallel<T>(
  count: number,
  items: readonly T[],
  work: (item: T, index: number, signal: AbortSignal) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([stop, failed.signal]);
  let failure: { readonly error: unknown } | null = null;
  let next = 0;
  const take = async () => {
    while (next < items.length && !signal.aborted) {
      const index = next++;
      try {
        await work(items[index]!, index, signal);
      } catch (error) {
        failure ??= { error };
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, take));
  if (failure) throw (failure as { readonly error: unknown }).error;
}
