import type { Span } from './annotationValue';

/**
 * The ranges to remove so that some of the items of a list are gone, with the space that separates them from the others. Of the first
 * items, the space after them goes if none is before them.
 *
 * @param items   in order; the first of the text, with what precedes the list as an item that stays
 */
export function removedRanges<I extends Span>(
  text: string,
  items: readonly I[],
  isRemoved: (item: I) => boolean,
): Span[] {
  const ranges: Span[] = [];
  for (let i = 0; i < items.length; ) {
    const first = items[i]!;
    if (!isRemoved(first)) {
      i++;
      continue;
    }
    const before = items[i - 1];
    while (i < items.length && isRemoved(items[i]!)) i++;
    const last = items[i - 1]!;
    const next = items[i];
    const breaks = (from: number, to: number) => /[\r\n]/.test(text.slice(from, to));
    const startsLine = before !== undefined && breaks(before.to, first.from);
    const isHead = before === undefined || before.to === first.from || startsLine;
    if (next && isHead && !(before && breaks(last.to, next.from)))
      ranges.push({ from: first.from, to: next.from });
    else ranges.push({ from: before?.to ?? first.from, to: last.to });
  }
  return ranges;
}
