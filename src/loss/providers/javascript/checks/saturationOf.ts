import { saturationAt } from '../../../../autodiff/saturation';
import type { Direction } from '../../../../core/ascent';
import type { Saturation } from '../../../../core/ending/heldBack';
import type { OpenContext } from '../../../../core/objective';
import type { RewrittenLoss } from '../programs/rewrittenLoss';

/** The functions that saturate, or of which such functions are made. A text without any of them needs no look. */
const withAsymptotes = /\b(?:tanh|atan|exp)\b/;

/**
 * Evaluates the loss again, and finds the expressions of the user's code whose values are at their asymptotes.
 *
 * @returns null if there are none, or the loss throws there
 */
export async function saturationOf(
  { module, traced, locationOf, expressionOf }: RewrittenLoss,
  params: Float64Array,
  open: OpenContext,
  direction: Direction,
): Promise<Saturation | null> {
  const { texts, packageFiles } = module;
  if (packageFiles.size === 0 && !texts.some(([, text]) => withAsymptotes.test(text))) return null;
  try {
    const { expressions, pulledShare } = await saturationAt(traced(params.length), params, open, direction);
    return {
      pulledShare,
      expressions: expressions.flatMap(({ site, ...each }) => {
        const location = locationOf(site);
        return location ? [{ ...each, place: { location, expression: expressionOf(site) } }] : [];
      }),
    };
  } catch {
    return null;
  }
}
