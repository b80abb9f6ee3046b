import os from 'node:os';

/** The number of runs that may evaluate their losses at the same time. One core is left for the editor. */
export function placesOf(cores: number): number {
  return Math.max(2, cores - 1);
}

export const placesHere = placesOf(os.availableParallelism());
