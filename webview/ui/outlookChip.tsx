import type { RunView } from '../../src/protocol/panel';
import { severityGlyph } from '../charts/severityGlyph';
import { outlookOf } from '../charts/stabilityWords';

/**
 * A label beside the status of a run that will soon become unstable. A click scrolls to the stability chart.
 */
export function OutlookChip({ run }: { readonly run: RunView }) {
  const outlook = outlookOf(run);
  if (outlook === null || !outlook.isPressing) return null;
  return (
    <button type="button" class="outlook" title={`${outlook.full}. Show the chart`} onClick={showChart}>
      <span aria-hidden="true">{severityGlyph.warning}</span> {outlook.short}
    </button>
  );
}

function showChart(): void {
  const card = document.querySelector('[data-chart="stability"]');
  card?.scrollIntoView({ block: 'center' });
  card?.querySelector<HTMLElement>('[role="slider"]')?.focus({ preventScroll: true });
}
