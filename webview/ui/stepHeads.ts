import type { GlobalQuantity, RunView } from '../../src/protocol/panel';

interface StepHead {
  readonly head: string;
  /** Shown with *More* only. */
  readonly rest?: true;
}

/**
 * Short labels of the quantities with one value per step; the hover shows the full names. The loss and the best loss of a step
 * are those before its update, so that they differ from the final and the best loss of the run, which the header shows.
 */
export const stepHeads: Readonly<Record<GlobalQuantity, StepHead>> = {
  loss: { head: 'loss before' },
  best: { head: 'best before' },
  watched: { head: 'watched' },
  gradNorm: { head: '‖g‖' },
  lr: { head: 'lr' },
  clipFactor: { head: 'clip factor' },
  beta: { head: 'beta' },
  lossScale: { head: 'loss scale' },
  underflow: { head: 'underflow' },
  overflow: { head: 'overflow' },
  stability: { head: 'stability' },
  stabilityLimit: { head: 'limit', rest: true },
  rms: { head: 'RMS', rest: true },
  updateNorm: { head: '‖Δθ‖', rest: true },
  updateNormP: { head: '‖Δθ‖_P', rest: true },
  predictedChange: { head: 'predicted Δf', rest: true },
  actualChange: { head: 'actual Δf', rest: true },
  muProduct: { head: 'Π mu', rest: true },
};

/** The label of a quantity with one value per step, in the words of a run. */
export function stepHeadOf(
  quantity: GlobalQuantity,
  { maximizes, quantities }: Pick<RunView, 'maximizes' | 'quantities'>,
): string {
  const isWatched = quantities.some((view) => view.quantity === 'watched');
  // The watched loss is known after the step.
  if (quantity === 'best' && isWatched) return 'best watched';
  const { head } = stepHeads[quantity];
  return maximizes && quantity === 'loss' ? head.replace('loss', 'objective') : head;
}
