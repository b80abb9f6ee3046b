import type { CoordinateAt } from '../optimizers/optimizer';
import type { CoordinateFormulas } from './coordinateFormulas';

/** Quantities of a step that are sums over its coordinates. */
export type SummedQuantity = 'rms' | 'updateNorm' | 'updateNormP' | 'predictedChange' | 'penaltyChange';

/** A sum over the recorded coordinates: the term of each, and the result from the sum. */
export interface Summed {
  readonly term: (at: CoordinateAt) => number;
  readonly result: (sum: number, count: number) => number;
}

/**
 * The sums for one optimizer of a run; undefined if the optimizer does not have the quantity.
 *
 *   rms               RMS_t = √mean(g² / max(vHat, eps²)), Wortsman et al., arXiv:2304.13013
 *   updateNorm        ‖Δ‖
 *   updateNormP       ‖Δ‖_P = √(Σ P Δ²): the length in the norm in which the update is the steepest descent
 *   predictedChange   g·Δa + ½ a dᵀP⁻¹d with Δa = −a P⁻¹ d: the change of the loss according to the optimizer's quadratic
 *                     model with curvature P/a
 *   penaltyChange     ½ l2 (‖θ_t‖² − ‖θ_{t−1}‖²): the part of the penalty in the change of the loss
 */
export function summedOf(
  { formulas, ownGradient, stepSize, direction, l2 }: CoordinateFormulas,
  eps: number,
): { readonly [Q in SummedQuantity]: Summed | undefined } {
  const { vHat, preconditioner } = formulas;
  const root = (sum: number) => Math.sqrt(sum);
  const itself = (sum: number) => sum;
  return {
    rms: vHat && {
      term: (at) => ownGradient(at) ** 2 / Math.max(vHat(at), eps ** 2),
      result: (sum, count) => Math.sqrt(sum / count),
    },
    updateNorm: { term: (at) => at.update ** 2, result: root },
    updateNormP: preconditioner && {
      term: (at) => preconditioner(at) * at.update ** 2,
      result: root,
    },
    predictedChange: preconditioner && {
      term: (at) => {
        const d = direction(at);
        return (stepSize(at) * d * (0.5 * d - ownGradient(at))) / preconditioner(at);
      },
      result: itself,
    },
    penaltyChange: {
      term: (at) => 0.5 * l2 * (at.params ** 2 - (at.params - at.update) ** 2),
      result: itself,
    },
  };
}
