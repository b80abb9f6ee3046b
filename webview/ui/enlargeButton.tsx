import type { ChartId } from '../state/memory';
import { useDashboard } from './context';
import { Icon } from './icon';

/** Shows a chart in the whole panel, and back. Escape goes back too. */
export function EnlargeButton({ id, title }: { readonly id: ChartId; readonly title: string }) {
  const { enlarged } = useDashboard();
  const isEnlarged = enlarged.value === id;
  return (
    <button
      type="button"
      class="iconButton"
      aria-label={isEnlarged ? 'Back to all charts' : `Enlarge ${title}`}
      aria-pressed={isEnlarged}
      title={isEnlarged ? 'Back to all charts (Escape)' : 'Enlarge to the panel'}
      onClick={() => {
        enlarged.value = isEnlarged ? null : id;
      }}
    >
      <Icon name={isEnlarged ? 'reduce' : 'enlarge'} />
    </button>
  );
}
