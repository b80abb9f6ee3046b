import type { CutLoss, CutMove, CutView } from '../core/gradient/lostTerm';
import { norm2 } from '../core/numerics/norms';
import type { OpenContext } from '../core/objective';
import { checking } from './checking';
import { type Cut, cuts } from './cuts';
import { noSite } from './sites';
import { evaluateTraced, gradientInto, type TracedLoss, tracedObjective } from './tracedObjective';

/** How many cuts are examined for the shortest moves; each costs one or two reverse passes. */
const examined = { integers: 16, perSite: 4, comparisons: 200 };
const movesAtMost = 16;
/** A result changes a little beyond the point where the sides of a comparison are equal, or where an operand has moved by 1. */
const beyond = 1.001;

/** The loss at the points of one context, with the results of its cuts. Evaluations are those of the rewritten program. */
export function cutLoss(loss: TracedLoss, open: OpenContext): CutLoss {
  return {
    value: (params) => tracedObjective(loss).value(params, open),
    view: (params) => evaluateWithCuts(loss, params, open, true, viewOf(params.length)),
    moves: (params) => evaluateWithCuts(loss, params, open, true, (found) => movesOf(found, params.length)),
  };
}

/**
 * Evaluates the loss, and records the operations without a derivative.
 *
 * @param comparing  whether comparisons are recorded, too
 * @param finish  called while the tape holds the evaluation
 */
export async function evaluateWithCuts<T>(
  loss: TracedLoss,
  params: Float64Array,
  open: OpenContext,
  comparing: boolean,
  finish: (found: readonly Cut[], value: number, root: number | null) => T,
): Promise<T> {
  const watched: TracedLoss = {
    ...loss,
    call(handles, context) {
      // A checked evaluation executes expressions operator by operator, so that each operation is recorded.
      checking.start();
      cuts.start(comparing);
      return loss.call(handles, context);
    },
  };
  try {
    return await evaluateTraced(watched, params, open, (value, root) => finish(cuts.take(), value, root));
  } finally {
    cuts.take();
  }
}

function viewOf(dim: number) {
  return (found: readonly Cut[], loss: number, root: number | null): CutView => {
    const grad = new Float64Array(dim);
    gradientInto(grad, root);
    return { loss, grad, cuts: found };
  };
}

/** To be called while the tape holds the evaluation. */
function movesOf(found: readonly Cut[], dim: number): CutMove[] {
  const counts = new Map<number, number>();
  let [integers, comparisons] = [0, 0];
  const moves: CutMove[] = [];
  for (const cut of found) {
    const { site, comparison } = cut;
    const count = counts.get(site) ?? 0;
    if (site === noSite) continue;
    if (comparison === null) {
      if (count >= examined.perSite || integers >= examined.integers) continue;
      integers++;
    } else {
      if (comparison.gap === 0 || comparisons >= examined.comparisons) continue;
      comparisons++;
    }
    counts.set(site, count + 1);
    const slope = slopeOf(cut, dim);
    const length = norm2(slope);
    if (!(length > 0) || !Number.isFinite(length)) continue;
    const changes = comparison === null ? [beyond, -beyond] : [-beyond * comparison.gap];
    for (const change of changes)
      moves.push({
        site,
        isComparison: comparison !== null,
        move: slope.map((each) => (each / length) * (change / length)),
      });
  }
  return moves.sort((a, b) => norm2(a.move) - norm2(b.move)).slice(0, movesAtMost);
}

/** The derivative of the operand; of a comparison, that of left minus right. */
function slopeOf({ node, comparison }: Cut, dim: number): Float64Array {
  const slope = new Float64Array(dim);
  if (node >= 0) gradientInto(slope, node);
  if (comparison === null || comparison.right < 0) return slope;
  const right = new Float64Array(dim);
  gradientInto(right, comparison.right);
  return slope.map((each, i) => each - right[i]!);
}
