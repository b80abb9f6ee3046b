import { useDashboard } from './context';
import { Icon } from './icon';

/** What a button could not do, in the host's words, until it is dismissed. */
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
