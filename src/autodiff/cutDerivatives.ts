import type { OpenContext } from '../core/objective';
import { checking } from './checking';
import { type Cut, cuts } from './cuts';
import { noSite } from './sites';
import { evaluateTraced, gradientInto, type TracedLoss } from './tracedObjective';

/** The reverse pass from one cut costs as much as a gradient. */
const examinedAtMost = 500;

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
): Promise<ReadonlyMap<number, readonly number[]>> {
  const watched: TracedLoss = {
    ...loss,
    call(handles, context) {
      // A checked evaluation executes expressions operator by operator, so that each operation is recorded.
      checking.start();
      cuts.start();
      return loss.call(handles, context);
    },
  };
  try {
    return await evaluateTraced(watched, params, open, () => coordinatesOf(cuts.take(), params.length));
  } finally {
    cuts.take();
  }
}

/** To be called while the tape holds the evaluation. */
function coordinatesOf(found: readonly Cut[], dim: number): Map<number, number[]> {
  const known = new Map<number, Set<number>>();
  const grad = new Float64Array(dim);
  for (const { site, node } of found.slice(0, examinedAtMost)) {
    if (site === noSite) continue;
    gradientInto(grad, node);
    const coordinates = known.get(site) ?? new Set();
    known.set(site, coordinates);
    for (let i = 0; i < dim; i++) if (grad[i] !== 0) coordinates.add(i);
  }
  return new Map([...known].map(([site, each]) => [site, [...each].sort((a, b) => a - b)]));
}
