import { useDashboard } from './context';
import { Icon } from './icon';

/** The error message of the host for a failed action, until it is dismissed. */
export function Notice() {
  const { notice } = useDashboard();
  const sentence = notice.value;
  if (sentence === null) return null;
  return (
    <div class="notice" role="alert">
      <span>{sentence}</span>
      <button type="button" class="iconButton" aria-label="Dismiss" onClick={() => (notice.value = null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
