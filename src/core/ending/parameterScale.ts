import type { Objective, OpenContext } from '../objective';
import type { StepView } from '../update';
import type { OddScale } from './heldBack';
import { polish } from './polish/polish';
import { decreaseOf, type RunEnd } from './runEnd';
import { largeScale, smallScale } from './scaleFromZero';

/** A parameter between these numbers has an ordinary magnitude. */
const small = 1e-6;
const large = 1e6;
/** The ratio between steps and magnitude that no learning rate for ordinary parameters makes up for. */
const mismatch = 1e4;
/** The multiples of a small start at which the loss is evaluated. */
const multiples = [1 / 3, 0.5, 0.8, 1, 1.25, 2, 3];
const coordinatesAtMost = 8;
/** A lower loss must be lower by this share of the decrease of the run, and of the loss. */
const lowerByDecrease = 0.05;
const lowerByLoss = 1e-3;
/** A loss that changes by less between those multiples of the start does not have its scale there. */
const visible = 1e-3;

export interface ScaleRequest {
  readonly objective: Objective;
  readonly open: OpenContext;
  readonly start: Float64Array;
  /** null if the run broke: then only the start is examined. */
  readonly final: Float64Array | null;
  /** The evidence at the end of the run so far. */
  readonly end: RunEnd;
  readonly evaluations: number;
  readonly largestGradient: number;
  readonly isOverTime: () => boolean;
}

/** The scale of a parameter that starts at 0 is known up to this factor. */
const inexact = 3;

interface Watched {
  readonly index: number;
  /** abs(theta_0). */
  readonly magnitude: number;
  /** theta_1, and the length of the first step. */
  readonly moved: number;
  readonly first: number;
  path: number;
}

/** Watches how far the parameters with numbers of an unusual magnitude move, and those that start at 0. */
export class ParameterScale {
  #watched: Watched[] | null = null;

  onStep({ before, params }: StepView): void {
    if (this.#watched === null) {
      this.#watched = [];
      for (let index = 0; index < before.length && this.#watched.length < coordinatesAtMost; index++) {
        const magnitude = Math.abs(before[index]!);
        if (magnitude > small && magnitude < large) continue;
        const moved = params[index]!;
        this.#watched.push({ index, magnitude, moved, first: Math.abs(moved - before[index]!), path: 0 });
      }
    }
    for (const each of this.#watched) each.path += Math.abs(params[each.index]! - before[each.index]!);
  }

  /**
   * The first of these parameters whose steps are too short or too long for its magnitude, although steps of that
   * magnitude lead to a lower loss:
   *
   *   short   a local search from the last point, with the parameter measured in units of its magnitude
   *   long    a multiple of the start. A start near 0 is no unit: there the loss is the same at all multiples.
   *
   * A run that broke, because the loss or a parameter was not finite any more, has no last point. There, steps that are too long
   * count if the first one of the parameter alone raises the loss, or makes it infinite or NaN.
   *
   * A start of 0 has no magnitude; that of the optimum along the parameter counts (see `largeScale`).
   */
  async oddest(request: ScaleRequest): Promise<OddScale | null> {
    for (const each of this.#watched ?? []) {
      const { index, magnitude, first, path } = each;
      if (magnitude === 0) {
        const found = await oddFromZero(request, each);
        if (found && isWorthIt(request, found.reached)) return found;
        continue;
      }
      const isShort = request.final !== null && path * mismatch <= magnitude;
      if (!isShort && !(first >= mismatch * magnitude)) continue;
      const reached = isShort
        ? await searchedInUnits({ ...request, from: request.final }, index, magnitude)
        : await lowestAround(request, index);
      if (reached === null || !isWorthIt(request, reached)) continue;
      const broke = request.final === null ? await brokenBy(request, each) : null;
      if (request.final === null && broke === null) continue;
      return {
        index,
        magnitude,
        startsAtZero: false,
        reached,
        broke,
        ...(isShort ? { kind: 'short', moved: path } : { kind: 'long', moved: first }),
      };
    }
    return null;
  }
}

/** A run that broke must have had no loss as low. */
function isWorthIt({ end, final }: ScaleRequest, reached: number): boolean {
  const compared = final === null ? end.leastLoss : end.finalLoss;
  const gain = compared - reached;
  return (
    gain >= lowerByDecrease * decreaseOf({ ...end, finalLoss: compared }) &&
    gain >= lowerByLoss * Math.abs(compared)
  );
}

/** The loss at the start and with the first step of one parameter alone; null if that step lowers it. */
async function brokenBy(
  { objective, open, start }: ScaleRequest,
  { index, moved }: Watched,
): Promise<OddScale['broke']> {
  try {
    const from = await objective.value(start, open);
    const to = await objective.value(start.with(index, moved), open);
    return to <= from ? null : { from, to };
  } catch {
    return null;
  }
}

/** The same for a parameter that starts at 0. */
async function oddFromZero(request: ScaleRequest, { index, first, path }: Watched): Promise<OddScale | null> {
  const { objective, open, final, start } = request;
  const common = { index, startsAtZero: true, broke: null } as const;
  if (final === null) return null;
  try {
    const sign = -Math.sign((await gradientAt(request, final))[index]!);
    const far = sign && (await largeScale({ objective, open, at: final, index, limit: large }, sign));
    if (far && path * mismatch <= inexact * far) {
      const reached = await searchedInUnits({ ...request, from: final }, index, far);
      return reached === null ? null : { ...common, kind: 'short', magnitude: far, moved: path, reached };
    }
    if (!(first > 0)) return null;
    const down = -Math.sign((await gradientAt(request, start))[index]!);
    for (const at of [final, start]) {
      const near = down && (await smallScale({ objective, open, at, index, limit: small }, down));
      if (!near || inexact * first < mismatch * near) continue;
      const reached = await searchedInUnits({ ...request, from: at }, index, near);
      if (reached !== null) return { ...common, kind: 'long', magnitude: near, moved: first, reached };
    }
    return null;
  } catch {
    // The loss may throw far from the run.
    return null;
  }
}

async function gradientAt({ objective, open }: ScaleRequest, params: Float64Array): Promise<Float64Array> {
  const grad = new Float64Array(params.length);
  await objective.valueAndGradient(params, grad, open);
  return grad;
}

/** A parameter that a local search takes to a number farther from 0 than so many units does not belong at the magnitude of the unit. */
const unitsAtMost = 100;

/**
 * The loss that a local search reaches if one parameter is measured in another unit. null if the search takes the
 * parameter to another magnitude: the optimum along the parameter alone says little where others follow it, as the slope and
 * the offset of a line through data far from 0 do.
 */
async function searchedInUnits(
  request: ScaleRequest & { readonly from: Float64Array },
  index: number,
  unit: number,
): Promise<number | null> {
  const { objective, from, open, evaluations, largestGradient, isOverTime } = request;
  const original = (params: Float64Array) => params.map((each, i) => (i === index ? unit * each : each));
  const inUnits: Objective = {
    dim: objective.dim,
    gradientMode: objective.gradientMode,
    value: (at, context) => objective.value(original(at), context),
    async valueAndGradient(at, grad, context) {
      const loss = await objective.valueAndGradient(original(at), grad, context);
      grad[index]! *= unit;
      return loss;
    },
  };
  const params = from.map((each, i) => (i === index ? each / unit : each));
  const found = await polish({
    objective: inUnits,
    params,
    open,
    evaluations,
    largestGradient,
    isOverTime,
    lastMove: 0,
  });
  if (!found || Math.abs(found.params[index]!) > unitsAtMost) return null;
  return found.loss;
}

/** The lowest loss at multiples of a parameter's start; null if it is the same at all of them, or not finite. */
async function lowestAround({ objective, open, start }: ScaleRequest, index: number): Promise<number | null> {
  const at = start.slice();
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  try {
    for (const multiple of multiples) {
      at[index] = multiple * start[index]!;
      const loss = await objective.value(at, open);
      if (!Number.isFinite(loss)) return null;
      lowest = Math.min(lowest, loss);
      highest = Math.max(highest, loss);
    }
  } catch {
    return null;
  }
  const isVisible = highest - lowest > visible * Math.max(Math.abs(highest), Math.abs(lowest));
  return isVisible ? lowest : null;
}
