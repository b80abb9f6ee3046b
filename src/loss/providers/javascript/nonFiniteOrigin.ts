import { originOfNonFinite } from '../../../autodiff/provenance';
import type { Origin } from '../../../core/diagnosis/finding';
import type { OpenContext } from '../../../core/objective';
import type { RewrittenLoss } from './rewrittenLoss';

/**
 * Evaluates the loss once more with every operation checked.
 *
 * @returns null where all was finite, or what is not finite came from outside of the loss's own arithmetic
 */
export async function nonFiniteOrigin(
  { traced, locationOf, expressionOf }: RewrittenLoss,
  params: Float64Array,
  open: OpenContext,
): Promise<Origin | null> {
  try {
    const origin = await originOfNonFinite(traced(params.length), params, open);
    const location = origin && locationOf(origin.site);
    if (!origin || !location) return null;
    return {
      kind: origin.pass === 'forward' ? 'non-finite-value' : 'non-finite-derivative',
      location,
      expression: expressionOf(origin.site),
      inputs: origin.inputs.map((input) => (typeof input === 'number' ? input : String(input))),
      result: origin.result,
    };
  } catch {
    // Whatever the loss does at such a point, what was found stands without its origin.
    return null;
  }
}
