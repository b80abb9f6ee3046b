import { useDashboard } from './context';
import { Button } from './toolkit';

export function EmptyState() {
  const { host } = useDashboard();
  return (
    <section class="empty" aria-label="Nothing has run yet">
      <svg class="emptyPicture" viewBox="0 0 160 90" aria-hidden="true" focusable="false">
        <ellipse cx="98" cy="52" rx="58" ry="32" />
        <ellipse cx="102" cy="54" rx="42" ry="22" />
        <ellipse cx="106" cy="56" rx="25" ry="12" />
        <path d="M14 14 C 40 20, 44 62, 66 58 S 86 48, 107 56" />
        <circle cx="14" cy="14" r="3.5" />
        <circle cx="107" cy="56" r="3" class="filled" />
      </svg>
      <h1>To start, click “Run Adam” above a loss function in the editor.</h1>
      <Button appearance="primary" onClick={() => host.openSamples()}>
        Open the samples
      </Button>
    </section>
  );
}

export function LoadingState() {
  return (
    <section class="waiting" aria-label="Opening">
      <h1>Opening the dashboard…</h1>
    </section>
  );
}
