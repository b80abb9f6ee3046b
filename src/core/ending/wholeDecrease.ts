import type { OpenContext } from '../objective';
import type { LastPoint } from './lastPoint';
import type { Tail } from './lossCourse';

/** Opens the context of a step over all samples. */
export type OpenAt = (t: number) => OpenContext;

export interface DecreaseRequest {
  readonly point: LastPoint;
  /** The parameters at earlier steps at equal distances, each of shape [dim], the first one first; not modified. */
  readonly earlier: readonly Float64Array[];
  /** The number of steps since the first of them. */
  readonly steps: number;
  readonly openAt: OpenAt;
  /** T */
  readonly t: number;
}

/**
 * The end of a run with the decrease per step of the loss over all samples, which the losses of batches hide: it falls if it is lower at
 * each of the five points than at the one before, as five values are by chance in one of 120 runs. Unchanged if the loss throws.
 */
export async function withWholeDecrease(tail: Tail, request: DecreaseRequest): Promise<Tail> {
  const { point, earlier, steps } = request;
  try {
    const losses: number[] = [];
    for (const params of [...earlier, point.params])
      losses.push(await point.objective.value(params, point.open));
    const isFalling = losses.every((loss, k) => k === 0 || loss < losses[k - 1]!);
    return { ...tail, steps, fallPerStep: (losses[0]! - losses.at(-1)!) / steps, isFalling };
  } catch {
    return tail;
  }
}
