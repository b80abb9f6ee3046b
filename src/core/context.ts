import type { Batches } from './batches';
import { type Random, seededRandom } from './numerics/random';
import type { EvaluationContext, OpenContext } from './objective';

/**
 * A function that opens a context for step t, each time with the same indices and with `random` restarted.
 */
export function contextAt(
  seed: number,
  batches: Batches,
  t: number,
  indices: readonly number[],
): OpenContext {
  const epoch = batches.epochOf(t);
  return () => new Context(t, epoch, indices, seed);
}

/**
 * The generator is created on the first use of `random`, because most losses use no random numbers. `random`
 * is an own property, so that `{ ...context }` contains it.
 */
class Context implements EvaluationContext {
  readonly step: number;
  readonly epoch: number;
  readonly indices: readonly number[];
  readonly random: Random;

  constructor(step: number, epoch: number, indices: readonly number[], seed: number) {
    this.step = step;
    this.epoch = epoch;
    this.indices = indices;
    let generator: Random | null = null;
    this.random = () => {
      generator ??= seededRandom(seed, step);
      return generator();
    };
  }
}
