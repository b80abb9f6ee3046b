import { cutDerivatives } from '../../../../autodiff/cutDerivatives';
import type { Origin } from '../../../../core/diagnosis/finding';
import type { OpenContext } from '../../../../core/objective';
import type { RewrittenLoss } from '../programs/rewrittenLoss';

/**
 * Evaluates the loss again and looks for the operation that converts a value which depends on the coordinates
 * to an integer, which ends its derivatives. Of several operations it selects the first one that affects the
 * most coordinates.
 *
 * @returns null unless the derivative with respect to each of the coordinates ends at such an operation
 */
export async function zeroGradientOrigin(
  { traced, cutOrigin }: RewrittenLoss,
  coordinates: readonly number[],
  params: Float64Array,
  open: OpenContext,
): Promise<Origin | null> {
  try {
    const found = await cutDerivatives(traced(params.length), params, open);
    const cut = new Set([...found.values()].flat());
    if (coordinates.length === 0 || !coordinates.every((i) => cut.has(i))) return null;
    const wanted = new Set(coordinates);
    let [site, most] = [-1, 0];
    for (const [each, concerned] of found) {
      const count = concerned.filter((i) => wanted.has(i)).length;
      if (count > most) [site, most] = [each, count];
    }
    return cutOrigin(site);
  } catch {
    // The loss may throw at such a point. The finding is then shown without an origin.
    return null;
  }
}
