import { stepsPerEpochOf } from './config/readOptions';
import type { RunConfig } from './config/runConfig';
import { seededRandom, shuffle } from './numerics/random';

/**
 * The samples of each step. An epoch is a pass over all samples in shuffled order, divided into mini-batches.
 */
export interface Batches {
  readonly stepsPerEpoch: number;
  /** 0-based epoch of step t. */
  epochOf(t: number): number;
  isLastOfEpoch(t: number): boolean;
  /** The samples of step t, frozen. Must be called with ascending t. */
  indicesOf(t: number): readonly number[];
  /** All samples in order, frozen, for the loss over all samples. */
  readonly all: readonly number[];
}

/**
 * Whether steps use mini-batches, so that consecutive losses are computed on different samples.
 */
export function hasMiniBatches(
  config: RunConfig,
): config is RunConfig & { readonly samples: number; readonly batch: number } {
  const { samples, batch } = config;
  return samples !== null && batch !== null && batch < samples;
}

/** The random stream of shuffles, separate from `random` of the steps, which is seeded by (seed, t). */
const shuffleStream = 0x5eed;

/**
 * ceil(N/B) steps per epoch, including a shorter last mini-batch; shuffled for every epoch with (seed,
 * epoch). Without samples each step is an epoch without indices.
 */
export function batchesOf(samples: number | null, batch: number | null, seed: number): Batches {
  if (samples === null) {
    const none = Object.freeze([] as number[]);
    return {
      stepsPerEpoch: 1,
      epochOf: (t) => t - 1,
      isLastOfEpoch: () => true,
      indicesOf: () => none,
      all: none,
    };
  }
  const size = batch ?? samples;
  const stepsPerEpoch = stepsPerEpochOf({ samples, batch });
  const all = Object.freeze(Array.from({ length: samples }, (_, i) => i));
  const epochOf = (t: number) => Math.floor((t - 1) / stepsPerEpoch);
  let order: number[] = [];
  let orderOf = -1;
  return {
    stepsPerEpoch,
    epochOf,
    isLastOfEpoch: (t) => t % stepsPerEpoch === 0,
    indicesOf(t) {
      if (size === samples) return all;
      const epoch = epochOf(t);
      if (epoch !== orderOf) {
        order = [...all];
        shuffle(order, seededRandom(seed, shuffleStream, epoch));
        orderOf = epoch;
      }
      const from = ((t - 1) % stepsPerEpoch) * size;
      return Object.freeze(order.slice(from, from + size));
    },
    all,
  };
}
