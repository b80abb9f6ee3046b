import { cutLoss } from '../../../../autodiff/cutViews';
import type { OpenContext } from '../../../../core/objective';
import type { LocatedCutLoss } from '../../lossProvider';
import type { RewrittenLoss } from '../programs/rewrittenLoss';

/** The rewritten loss at the points of one context, with the places of its operations. */
export function locatedCutLoss(
  { traced, cutOrigin }: RewrittenLoss,
  dim: number,
  open: OpenContext,
): LocatedCutLoss {
  return { ...cutLoss(traced(dim), open), originOf: cutOrigin };
}
