import type { OpenContext } from '../core/objective';
import type { Cut } from './cuts';
import { evaluateWithCuts } from './cutViews';
import { noSite } from './sites';
import { gradientInto, type TracedLoss } from './tracedObjective';

/** How many cuts are examined. The reverse pass from one costs as much as a gradient. */
interface CutLimits {
  readonly total: number;
  /** For each operation of the source. */
  readonly perSite: number;
}

const usualLimits: CutLimits = { total: 500, perSite: 500 };

/**
 * Evaluates the loss once more at `params`, and finds the operations that discard a derivative: the operand
 * depends on a coordinate, but the result, an integer, has no derivative.
 *
 * @param open  opens the context of the examined step
 * @returns for each operation, by the number of its place, the affected coordinates in ascending order
 */
export async function cutDerivatives(
  loss: TracedLoss,
  params: Float64Array,
  open: OpenContext,
  limits: CutLimits = usualLimits,
): Promise<ReadonlyMap<number, readonly number[]>> {
  return evaluateWithCuts(loss, params, open, false, (found) =>
    coordinatesOf(selected(found, limits), params.length),
  );
}

function selected(found: readonly Cut[], { total, perSite }: CutLimits): Cut[] {
  const counts = new Map<number, number>();
  const placed = found.filter(({ site }) => {
    const count = (counts.get(site) ?? 0) + 1;
    counts.set(site, count);
    return site !== noSite && count <= perSite;
  });
  return placed.slice(0, total);
}

/** To be called while the tape holds the evaluation. */
function coordinatesOf(found: readonly Cut[], dim: number): Map<number, number[]> {
  const known = new Map<number, Set<number>>();
  const grad = new Float64Array(dim);
  for (const { site, node } of found) {
    gradientInto(grad, node);
    const coordinates = known.get(site) ?? new Set();
    known.set(site, coordinates);
    for (let i = 0; i < dim; i++) if (grad[i] !== 0) coordinates.add(i);
  }
  return new Map([...known].map(([site, each]) => [site, [...each].sort((a, b) => a - b)]));
}
