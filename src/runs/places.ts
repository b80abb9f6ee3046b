import os from 'node:os';

/** How many runs may evaluate their losses at once: one core is left to the editor. */
export function placesOf(cores: number): number {
  return Math.max(2, cores - 1);
}

export const placesHere = placesOf(os.availableParallelism());
