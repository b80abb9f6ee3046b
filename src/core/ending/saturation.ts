import type { Objective, OpenContext } from '../objective';
import type { HeldBySaturation, SaturatedExpression, Saturation } from './heldBack';
import { polish } from './polish/polish';
import { decreaseOf, type RunEnd } from './runEnd';

export interface SaturationRequest {
  readonly saturation: Saturation;
  /** The evidence at the end of the run so far. */
  readonly end: RunEnd;
  readonly objective: Objective;
  readonly params: Float64Array;
  readonly open: OpenContext;
  readonly evaluations: number;
  readonly largestGradient: number;
  readonly isOverTime: () => boolean;
}

/** The share of the loss that must be in outputs pulled across their asymptotes. */
const most = 0.5;
/** A loss that fell below this share of its start has no target out of reach that matters. */
const low = 0.05;
/** The share of the outputs of an expression that must be pulled: a few may be outliers. */
const several = 0.2;
/** The share of the values of an expression that must be saturated if its derivative has vanished. */
const many = 0.6;
/** A loss this share of the possible decrease lower, reached from smaller coordinates, shows that they were too large. */
const lower = 0.1;
/** It must also be lower than what a local search reaches from the last point, by this share. */
const clearly = 0.01;
/** The arguments of the saturated expressions after the parameters were scaled down. */
const depths = [1, 3];

/**
 * Whether saturated expressions kept the run from a lower loss:
 *
 *   out-of-reach   at least half of the loss is in outputs that it pulls across their asymptotes, the loss is above a
 *                  twentieth of its start, and this concerns a fifth of the values of the expression
 *   vanished       at least 60 % of the values of an expression are at their asymptotes, and if only the coordinates that
 *                  they depend on are scaled so that they are not, a local search reaches a loss that is lower by a tenth
 *                  of the decrease from the start to it, and lower than a local search reaches from the last point, or if
 *                  only the other coordinates are scaled: a loss that these reach alone is that of another minimum, which
 *                  the run would have missed with any value of the expression
 */
export async function heldBySaturation(request: SaturationRequest): Promise<HeldBySaturation | null> {
  const { saturation, end } = request;
  const { expressions, pulledShare } = saturation;
  const { startLoss, finalLoss } = end;
  const pulled = largestOf(expressions, (each) => each.pulled);
  if (pulled && pulledShare >= most && finalLoss > low * startLoss && pulled.pulled >= several * pulled.count)
    return { kind: 'out-of-reach', expression: pulled, share: pulledShare };
  const deep = largestOf(
    expressions.filter(({ count, saturated }) => saturated >= many * count),
    (each) => each.saturated,
  );
  return deep && vanished(request, deep);
}

async function vanished(
  request: SaturationRequest,
  expression: SaturatedExpression,
): Promise<HeldBySaturation | null> {
  const { end, params } = request;
  const own = new Set(expression.coordinates);
  const others = [...params.keys()].filter((i) => !own.has(i));
  const bySearch = Math.min(end.leastLoss, end.polished?.loss ?? end.finalLoss);
  for (const depth of depths) {
    const factor = depth / expression.depth;
    if (!(factor < 1)) continue;
    const loss = await reachedFrom(request, expression.coordinates, factor);
    const possible = Math.max(end.startLoss - loss, decreaseOf(end));
    const isBelow = (other: number) => other - loss >= clearly * possible;
    if (!(end.leastLoss - loss >= lower * possible) || !isBelow(bySearch)) continue;
    const isItsOwn = others.length === 0 || isBelow(await reachedFrom(request, others, factor));
    return isItsOwn ? { kind: 'vanished', expression, factor, loss } : null;
  }
  return null;
}

/** The loss that a local search reaches from the last point with these coordinates scaled; infinite if nothing is known. */
async function reachedFrom(
  request: SaturationRequest,
  coordinates: readonly number[],
  factor: number,
): Promise<number> {
  const { objective, open, evaluations, largestGradient, isOverTime } = request;
  const params = request.params.slice();
  for (const i of coordinates) params[i]! *= factor;
  const search = { objective, params, open, evaluations, largestGradient, lastMove: 0, isOverTime };
  return (await polish(search))?.loss ?? Number.POSITIVE_INFINITY;
}

function largestOf<T>(all: readonly T[], size: (each: T) => number): T | null {
  return all.reduce<T | null>((most, each) => (size(each) > (most ? size(most) : 0) ? each : most), null);
}
