import { useEffect } from 'preact/hooks';
import { playIntervalMs } from '../state/playback';
import type { StepFocus } from '../state/stepFocus';
import { useDashboard } from './context';

/** The keys of the step cursor, for the title of its controls. */
export function stepKeysHelp(explains: boolean): string {
  return `← → one step, with Shift ten, Home and End the first and the last step, Space plays${explains ? ', Enter explains the update' : ''}; from the editor Ctrl+Alt+, and Ctrl+Alt+.`;
}

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Moves the step cursor. @returns whether the key is one of the step cursor */
export function moveByKey(focus: StepFocus, event: Key): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const by = event.shiftKey ? 10 : 1;
  const [first, last] = focus.range;
  switch (event.key) {
    case 'ArrowLeft':
      focus.moveBy(-by);
      return true;
    case 'ArrowRight':
      focus.moveBy(by);
      return true;
    case 'Home':
      focus.moveCursor(first);
      return true;
    case 'End':
      focus.moveCursor(last);
      return true;
    default:
      return false;
  }
}

/** What uses these keys itself: fields, buttons, menus, the contour. A chart is a slider of the step, so it does not. */
const ownKeys =
  'input, select, textarea, button, a, [role="menu"], [role="application"], [role="dialog"], vscode-button, vscode-text-field, vscode-dropdown, vscode-checkbox, .reportPlot';

/** Handles the keys of the step cursor anywhere on the page. */
export function useStepKeys(): void {
  const dashboard = useDashboard();
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      const target = event.target as Element | null;
      if (event.defaultPrevented || !dashboard.run.value || dashboard.focus.steps === 0) return;
      if (event.key === 'Escape') {
        if (dashboard.enlarged.value === null || target?.closest?.('[role="menu"], .popover')) return;
        // An explanation is over the chart, so it is closed first.
        if (dashboard.explaining.coordinate.value !== null) return;
        dashboard.enlarged.value = null;
        event.preventDefault();
        return;
      }
      if (target?.closest?.(ownKeys)) return;
      // A region that scrolls sideways needs the arrows.
      const scrolls = target instanceof HTMLElement && target.scrollWidth > target.clientWidth;
      if (event.key === ' ' && !event.shiftKey) {
        dashboard.playback.toggle(playIntervalMs(matchMedia('(prefers-reduced-motion: reduce)').matches));
        event.preventDefault();
      } else if (!(scrolls && target !== document.body) && moveByKey(dashboard.focus, event))
        event.preventDefault();
    };
    window.addEventListener('keydown', handle);
    return () => window.removeEventListener('keydown', handle);
  }, [dashboard]);
}
