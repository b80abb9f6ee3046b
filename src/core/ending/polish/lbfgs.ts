import { norm2 } from '../../numerics/norms';
import type { BudgetedLoss, Evaluated } from './budgetedLoss';

/** A step s and the change y of the gradient along it. */
export interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  /** 1 / yᵀs */
  readonly rho: number;
}

const memory = 8;
/** A step must lower the loss by this share of the decrease that its slope predicts (Armijo condition). */
const sufficient = 1e-4;
const shorter = 0.2;
const longer = 4;
/** Steps that are tried along one direction. */
const mostTries = 12;
/** The first step relative to ‖θ‖, before there is an approximation of the Hessian. */
const firstShare = 0.01;

/**
 * Descends from a point by L-BFGS with a line search that shortens the step until it is low enough. Along the gradient it
 * also tries longer steps (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 3.1).
 *
 * @param pairs  the approximation of the Hessian, which a further descent may continue with; modified
 * @returns the last point: where the budget ended, or no shorter step lowers the loss
 */
export async function descend(loss: BudgetedLoss, from: Evaluated, pairs: Pair[] = []): Promise<Evaluated> {
  let now = from;
  while (loss.left > 0) {
    const size = norm2(now.grad);
    if (size === 0) break;
    let direction = directionOf(now.grad, pairs);
    if (!(dot(direction, now.grad) < 0)) {
      pairs.length = 0;
      direction = directionOf(now.grad, pairs);
    }
    const isScaled = pairs.length > 0;
    const length = isScaled ? 1 : (firstShare * (norm2(now.params) || 1)) / size;
    const next = await searchAlong(loss, now, direction, length, !isScaled);
    if (next === null) {
      if (!isScaled) break;
      // The approximation of the Hessian no longer fits: start again along the gradient.
      pairs.length = 0;
      continue;
    }
    remember(pairs, now, next);
    now = next;
  }
  return now;
}

/**
 * The lowest of the points that are tried along a direction; null if none is low enough.
 *
 * @param mayLengthen  whether to try longer steps than the first one
 */
async function searchAlong(
  loss: BudgetedLoss,
  from: Evaluated,
  direction: Float64Array,
  first: number,
  mayLengthen: boolean,
): Promise<Evaluated | null> {
  const slope = dot(from.grad, direction);
  let best: Evaluated | null = null;
  let length = first;
  for (let tries = 0; tries < mostTries && loss.left > 0; tries++) {
    const at = length;
    const tried = await loss.at(from.params.map((theta, i) => theta + at * direction[i]!));
    if (tried === null || tried.loss > from.loss + sufficient * length * slope) {
      if (best) return best;
      length *= shorter;
    } else if (best && tried.loss >= best.loss) {
      return best;
    } else {
      best = tried;
      const isNearMinimum = dot(tried.grad, direction) > 0.5 * slope;
      if (!mayLengthen || isNearMinimum || length < first) return best;
      length *= longer;
    }
  }
  return best;
}

/** −H g, where H is the L-BFGS approximation of the inverse Hessian, by the two-loop recursion. */
function directionOf(grad: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = grad.slice();
  const shares: number[] = [];
  for (const { s, y, rho } of pairs.toReversed()) {
    const share = rho * dot(s, q);
    shares.push(share);
    add(q, -share, y);
  }
  const last = pairs.at(-1);
  const scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1;
  for (let i = 0; i < q.length; i++) q[i]! *= -scale;
  for (const { s, y, rho } of pairs) {
    const share = shares.pop()!;
    add(q, -share - rho * dot(y, q), s);
  }
  return q;
}

/** Adds the last step to the approximation, if the loss is curved upward along it. */
function remember(pairs: Pair[], before: Evaluated, after: Evaluated): void {
  const s = after.params.map((each, i) => each - before.params[i]!);
  const y = after.grad.map((each, i) => each - before.grad[i]!);
  const curve = dot(s, y);
  if (!(curve > Number.EPSILON * norm2(s) * norm2(y))) return;
  pairs.push({ s, y, rho: 1 / curve });
  if (pairs.length > memory) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** x += factor · by */
function add(x: Float64Array, factor: number, by: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i]! += factor * by[i]!;
}
