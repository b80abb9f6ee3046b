import { meanWithError } from '../numerics/meanWithError';
import type { Objective, OpenContext } from '../objective';
import { type LastPoint, polishFrom } from './lastPoint';
import type { Tail } from './lossCourse';
import type { Polished } from './polish/polish';
import type { DecreaseRequest, OpenAt } from './wholeDecrease';

/** A search lowers the mean of this many draws, and as many others tell what it gained. */
export const drawsInMean = 16;
/** A mean gain of at most this many standard errors is chance. */
const clear = 2;

/**
 * Whether the loss over all samples depends on the step: it draws random numbers, or changes with the step.
 *
 * @param t  the step of `point.loss`
 */
export async function isDrawn(
  { objective, params, loss }: LastPoint,
  openAt: OpenAt,
  t: number,
): Promise<boolean> {
  try {
    const other = await objective.value(params, openAt(t + 1));
    return Math.abs(other - loss) > 64 * Number.EPSILON * Math.abs(loss);
  } catch {
    return false;
  }
}

/**
 * A local search from the last point on the mean of 16 draws. A search on a single draw adapts to it: its loss there says nothing about
 * the mean. What is gained is measured on 16 other draws, each at both points.
 *
 * @param t  the last draw that the run has seen
 * @returns with the loss of the last point minus the mean gain; null if the loss throws, or the search does not end
 */
export async function polishOverDraws(point: LastPoint, openAt: OpenAt, t: number): Promise<Polished | null> {
  const seen = Array.from({ length: drawsInMean }, (_, k) => openAt(t + 1 + k));
  const others = Array.from({ length: drawsInMean }, (_, k) => openAt(t + 1 + drawsInMean + k));
  const objective = meanOf(point.objective, seen);
  try {
    const loss = await objective.value(point.params, point.open);
    const polished = await polishFrom({ ...point, objective, loss });
    if (!polished) return null;
    const { mean, isClear } = await gainBetween(point.objective, point.params, polished.params, others);
    return { ...polished, loss: point.loss - (mean > 0 && isClear ? mean : 0) };
  } catch {
    return null;
  }
}

/**
 * The end of a run with the decrease per step that equal draws show: the noise of single draws hides it. Unchanged if the loss throws.
 */
export async function withDrawnDecrease(tail: Tail, request: DecreaseRequest): Promise<Tail> {
  const { point, earlier, steps, openAt, t } = request;
  const opens = Array.from({ length: drawsInMean }, (_, k) => openAt(t + 1 + k));
  try {
    const { mean, isClear } = await gainBetween(point.objective, earlier[0]!, point.params, opens);
    return { ...tail, steps, fallPerStep: mean / steps, isFalling: mean > 0 && isClear };
  } catch {
    return tail;
  }
}

/** The mean decrease of the loss from one point to another, over draws that are the same at both. */
async function gainBetween(
  objective: Pick<Objective, 'value'>,
  from: Float64Array,
  to: Float64Array,
  opens: readonly OpenContext[],
): Promise<{ readonly mean: number; readonly isClear: boolean }> {
  const gains: number[] = [];
  for (const open of opens)
    gains.push((await objective.value(from, open)) - (await objective.value(to, open)));
  const { mean, error } = meanWithError(gains);
  return { mean, isClear: Math.abs(mean) > clear * error };
}

function meanOf(objective: Objective, opens: readonly OpenContext[]): Objective {
  return {
    dim: objective.dim,
    gradientMode: objective.gradientMode,
    async value(params) {
      let sum = 0;
      for (const open of opens) sum += await objective.value(params, open);
      return sum / opens.length;
    },
    async valueAndGradient(params, grad) {
      const single = new Float64Array(grad.length);
      let sum = 0;
      grad.fill(0);
      for (const open of opens) {
        sum += await objective.valueAndGradient(params, single, open);
        for (let i = 0; i < grad.length; i++) grad[i]! += single[i]! / opens.length;
      }
      return sum / opens.length;
    },
  };
}
