/** What the keys of a chart move: whole places from `first` to `last`, one of them in focus. */
export interface Steppable {
  readonly at: number;
  /** What is in sight. */
  readonly first: number;
  readonly last: number;
  move(to: number): void;
  /** Below one: closer. */
  zoomBy(factor: number): void;
  resetZoom(): void;
}

/** Keys of a chart in focus: arrows move the cursor, plus and minus zoom about it. @returns whether it was one. */
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
