import type { Batches } from './batches';
import { type Random, seededRandom } from './numerics/random';
import type { EvaluationContext, OpenContext } from './objective';

/** Opens a context for step t: the same indices every time, and `random` from its beginning. */
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
 * Most losses never ask for a random number: the generator is made when one does. `random` is a property like the
 * others, so that `{ ...context }` has it too.
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
