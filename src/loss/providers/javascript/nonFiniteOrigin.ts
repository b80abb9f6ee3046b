import { originOfNonFinite } from '../../../autodiff/provenance';
import { formatNumber } from '../../../core/numerics/format';
import type { OpenContext } from '../../../core/objective';
import type { Origin } from '../lossProvider';
import type { RewrittenLoss } from './rewrittenLoss';

/**
 * Evaluates the loss once more with every operation checked.
 *
 * @returns null where all was finite, or what is not finite came from outside of the loss's own arithmetic
 */
export async function nonFiniteOrigin(
  { traced, locationOf }: RewrittenLoss,
  params: Float64Array,
  open: OpenContext,
): Promise<Origin | null> {
  try {
    const origin = await originOfNonFinite(traced(params.length), params, open);
    const location = origin && locationOf(origin.site);
    if (!origin || !location) return null;
    const inputs = origin.inputs
      .map((input) => (typeof input === 'number' ? formatNumber(input, 4) : String(input)))
      .join(' and ');
    const result = formatNumber(origin.result, 4);
    const words =
      origin.pass === 'forward'
        ? `Here ${inputs} gave ${result}.`
        : `Here the derivative at ${inputs} is ${result}, although the value is finite.`;
    return { location, words };
  } catch {
    // Whatever the loss does at such a point, what was found stands without its origin.
    return null;
  }
}
