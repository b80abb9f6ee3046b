import type { Quantity, RunView, ViewRequest } from '../../src/protocol/panel';
import { chartsOf } from './chartOrder';
import type { Settings } from './settings';
import { type Slots, shownCoordinates } from './slots';
import type { StepRange } from './stepRange';

/** The request to the host for the visible charts of a run, without hidden quantities and without duplicates. */
export function viewRequestOf(
  run: RunView,
  settings: Settings,
  slots: Slots,
  zoom: StepRange | null,
  width: number,
): ViewRequest {
  const quantities = new Set<Quantity>();
  const smoothing = new Map<Quantity, number>();
  for (const chart of chartsOf(run.quantities)) {
    if (settings.isHidden(chart)) continue;
    const weight = settings.smoothingOf(chart);
    for (const { quantity } of chart.views) {
      quantities.add(quantity);
      if (weight > 0) smoothing.set(quantity, weight);
    }
    if (chart.uncorrected !== null && settings.isUncorrectedShown(chart)) quantities.add(chart.uncorrected);
  }
  return {
    runId: run.id,
    range: zoom,
    width,
    quantities: [...quantities],
    coordinates: shownCoordinates(slots).map(({ coordinate }) => coordinate),
    smoothing: [...smoothing],
    path: run.dim === 2 && settings.chart('contour').hidden !== true,
  };
}
