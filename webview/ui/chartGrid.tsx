import type { RunView } from '../../src/protocol/panel';
import { chartsOf, type RunChart } from '../state/chartOrder';
import { ChartCard } from './chartCard';
import { useDashboard } from './context';
import { ContourCard } from './contourCard';
import { HeatmapCard } from './heatmapCard';
import { PlaneCard } from './planeCard';

interface ChartGridProps {
  readonly run: RunView;
  /** Whether the run has no steps yet: its charts are shown without a drawing. */
  readonly isEmpty: boolean;
}

/** All visible charts of the run. */
export function ChartGrid({ run, isEmpty }: ChartGridProps) {
  const { settings } = useDashboard();
  const charts = chartsOf(run.quantities);
  const hasBoundChart = charts.some(({ id }) => id === 'updateOverBound');
  const hasContour = run.training === null && run.dim === 2 && settings.chart('contour').hidden !== true;
  return (
    <section class={isEmpty ? 'charts undrawn' : 'charts'} aria-label="Charts">
      {run.mapped.length > 0 && settings.chart('heatmap').hidden !== true && (
        <HeatmapCard key={`heatmap ${run.id}`} run={run} />
      )}
      {hasContour && <ContourCard run={run} />}
      {run.training === null && run.dim > 2 && settings.chart('plane').hidden !== true && (
        <PlaneCard key={run.id} run={run} />
      )}
      {charts
        .filter((chart) => !settings.isHidden(chart))
        .map((chart) => (
          <ChartCard key={chart.id} run={run} chart={chart} note={noteOf(chart, run, hasBoundChart)} />
        ))}
    </section>
  );
}

/** The text about the bound is in the chart of the bound, or, if there is none, in the chart of the updates. */
function noteOf({ id }: RunChart, run: RunView, hasBoundChart: boolean): string {
  return id === (hasBoundChart ? 'updateOverBound' : 'absUpdate') ? run.boundNote : '';
}
