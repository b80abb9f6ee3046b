import { causeOf } from '../../../../autodiff/nonFiniteCause';
import { originOfNonFinite } from '../../../../autodiff/provenance';
import type { NonFiniteCause, Origin } from '../../../../core/diagnosis/finding';
import type { OpenContext } from '../../../../core/objective';
import type { RewrittenLoss } from '../programs/rewrittenLoss';

/**
 * Evaluates the loss again and checks the result of every operation.
 *
 * @returns null if all results were finite, or the non-finite value does not come from an operation of the
 *   loss
 */
export async function nonFiniteOrigin(
  { traced, locationOf, expressionOf }: RewrittenLoss,
  params: Float64Array,
  open: OpenContext,
): Promise<Origin | null> {
  try {
    const loss = traced(params.length);
    const origin = await originOfNonFinite(loss, params, open);
    const location = origin && locationOf(origin.site);
    if (!origin || !location) return null;
    const isForward = origin.pass === 'forward';
    const cause = isForward ? await knownCause(origin, loss, params, open) : undefined;
    return {
      kind: isForward ? 'non-finite-value' : 'non-finite-derivative',
      location,
      expression: expressionOf(origin.site),
      inputs: origin.inputs.map((input) => (typeof input === 'number' ? input : String(input))),
      result: origin.result,
      ...(cause ? { cause } : {}),
    };
  } catch {
    // The loss may throw at such a point. The finding is then shown without an origin.
    return null;
  }
}

async function knownCause(...request: Parameters<typeof causeOf>): Promise<NonFiniteCause | undefined> {
  try {
    return await causeOf(...request);
  } catch {
    // The loss may throw where results that underflow are replaced.
    return undefined;
  }
}
