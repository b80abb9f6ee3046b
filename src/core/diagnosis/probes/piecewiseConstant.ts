import type { NameOf } from '../../coordinateNames';
import { formatNumber } from '../../numerics/format';
import type { FindingReport } from '../board';
import type { Origin } from '../finding';
import { namesInHeadline } from '../words';

/** An operation that rounds, so that the exact derivative is not the slope of the loss. */
export interface CutDerivative {
  readonly origin: Extract<Origin, { readonly kind: 'cut-derivative' }>;
  /** The coordinate for which this was found. */
  readonly index: number;
  /** The exact derivative with respect to it. */
  readonly exact: number;
  /** The slope of the loss along it, from finite differences. */
  readonly measured: number;
  readonly step: number;
}

/** The finding for a loss whose gradient is computed by finite differences because it rounds. */
export function piecewiseConstant(
  { index, exact, measured, step }: CutDerivative,
  nameOf: NameOf,
): FindingReport {
  return {
    code: 'piecewise-constant',
    severity: 'info',
    headline: `The loss rounds a value that depends on ${namesInHeadline(nameOf, [index])}.`,
    detail:
      `Between two rounded values the loss is constant, so its exact derivative is ${formatNumber(exact)} at step ${step}, ` +
      `although the loss changes with slope ${formatNumber(measured)}. ` +
      'The gradient is therefore computed by finite differences, with a step larger than the rounding.',
    advice: 'Nothing to do. For an exact gradient, remove the rounding from the loss.',
    steps: [step, step],
    coordinates: [index],
    subject: { kind: 'parameter', index },
    evidence: { exact, measured, t: step },
    fixes: [],
  };
}
