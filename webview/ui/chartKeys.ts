import type { Dashboard } from '../state/dashboard';

/** Keys of a chart in focus: arrows move the step cursor, plus and minus zoom about it. @returns whether it was one. */
export function handleChartKey(
  dashboard: Dashboard,
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const [first, last] = dashboard.range;
  const stride = Math.max(1, Math.round((last - first) / 20));
  const at = dashboard.cursor.value ?? dashboard.steps;
  const move = (step: number) => dashboard.moveCursor(step);
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
      dashboard.zoomBy(0.5);
      return true;
    case '-':
      dashboard.zoomBy(2);
      return true;
    case '0':
      dashboard.setZoom(null);
      return true;
    default:
      return false;
  }
}
