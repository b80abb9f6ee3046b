import type { OpenContext } from '../core/objective';
import { checking } from './checking';
import { type Cut, cuts } from './cuts';
import { noSite } from './sites';
import { evaluateTraced, gradientInto, type TracedLoss } from './tracedObjective';

/** Going back from a cut costs as much as a gradient. */
const examinedAtMost = 500;

/**
 * Evaluates the loss once more at `params`, and says at which operations the derivatives by some coordinates end: the
 * operation's operand depends on the coordinate, its result, an integer, has no derivative.
 *
 * @param open  opens the context of the step that is looked into
 * @returns the coordinates, ascending, by the number of the operation's place
 */
export async function cutDerivatives(
  loss: TracedLoss,
  params: Float64Array,
  open: OpenContext,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const watched: TracedLoss = {
    ...loss,
    call(handles, context) {
      // A checked evaluation goes operator by operator, so that each one is seen.
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
