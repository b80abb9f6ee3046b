import type { QuantityView, RunView } from '../../src/protocol/panel';
import { chartsOf } from '../state/chartOrder';
import type { ChartId } from '../state/memory';
import { useStore } from '../state/useStore';
import { ChartCard } from './chartCard';
import { useDashboard } from './context';
import { ContourCard } from './contourCard';

/** All charts of the run, and the way back for hidden ones. */
export function ChartGrid({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  const { charts } = useStore(dashboard.remembered);
  const views = chartsOf(run.quantities);
  const isHidden = (id: ChartId) => charts[id]?.hidden === true;
  const hasBoundChart = views.some(({ quantity }) => quantity === 'updateOverBound');
  const hidden: { id: ChartId; title: string }[] = views
    .filter(({ quantity }) => isHidden(quantity))
    .map(({ quantity, title }) => ({ id: quantity, title }));
  if (run.dim === 2 && isHidden('contour')) hidden.push({ id: 'contour', title: 'Path over the loss' });
  return (
    <section
      class={`charts${run.dim === 2 && !isHidden('contour') ? ' withContour' : ''}`}
      aria-label="Charts"
    >
      {views
        .filter(({ quantity }) => !isHidden(quantity))
        .map((view) => (
          <ChartCard key={view.quantity} run={run} view={view} note={noteOf(view, run, hasBoundChart)} />
        ))}
      {run.dim === 2 && !isHidden('contour') && <ContourCard run={run} />}
      {hidden.length > 0 && (
        <div class="hiddenCharts">
          <span>Hidden:</span>
          {hidden.map(({ id, title }) => (
            <button
              type="button"
              class="chip"
              key={id}
              title={`Show ${title}`}
              onClick={() => dashboard.setChart(id, { hidden: false })}
            >
              {title}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}

/** The bound in words stands with the bound's chart or, where there is none, with the updates. */
function noteOf(view: QuantityView, run: RunView, hasBoundChart: boolean): string {
  return view.quantity === (hasBoundChart ? 'updateOverBound' : 'absUpdate') ? run.boundNote : '';
}
