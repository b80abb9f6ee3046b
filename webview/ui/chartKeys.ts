/** What the keys of a chart control: integer positions from `first` to `last`, one of which has the focus. */
export interface Steppable {
  readonly at: number;
  /** The first visible position. */
  readonly first: number;
  readonly last: number;
  move(to: number): void;
  /** A factor below one zooms in. */
  zoomBy(factor: number): void;
  resetZoom(): void;
}

/**
 * Handles a key for a chart: arrows move the cursor, plus and minus zoom about it.
 *
 * @returns whether the key
 * was handled
 */
export function handleChartKey(
  { at, first, last, move, zoomBy, resetZoom }: Steppable,
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const stride = Math.max(1, Math.round((last - first) / 20));
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      move(at - (event.shiftKey ? stride : 1));
      return true;
    case 'ArrowRight':
    case 'ArrowUp':
      move(at + (event.shiftKey ? stride : 1));
      return true;
    case 'PageDown':
      move(at - stride * 4);
      return true;
    case 'PageUp':
      move(at + stride * 4);
      return true;
    case 'Home':
      move(first);
      return true;
    case 'End':
      move(last);
      return true;
    case '+':
    case '=':
      zoomBy(0.5);
      return true;
    case '-':
      zoomBy(2);
      return true;
    case '0':
      resetZoom();
      return true;
    default:
      return false;
  }
}
