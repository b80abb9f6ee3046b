import type { RunConfig } from './config/runConfig';
import { encodeKeyframe, type Keyframe } from './keyframe';
import { stateNamesOf } from './phases';
import type { Keyframes } from './runLoop';

/** The bytes that the keyframes of a run may take. */
export const keyframeBudget = 64 * 2 ** 20;

/** More would not shorten a repetition noticeably: a 64th of a run takes about as long as the start of a process. */
const mostKeyframes = 64;
/** Closer to the start than this, a repetition from the start is as short. */
const leastStep = 16;
/** The same of a long vector: to copy, send and write its state takes as long as tens of steps of a cheap loss. */
const leastStepOfLong = 128;
const longVector = 2 ** 14;
/** Of all keyframes, the share that may lie before the first regular one. */
const earlyShare = 4;
/** An upper bound of the bytes of a keyframe besides its vectors. */
const scalarBytes = 2048;

/**
 * The steps after which keyframes are taken: multiples of a distance, and before the first of them its half, its quarter, and so
 * on. A repetition makes at most `distance` steps, and in a run that ends early at most about as many as lie before the keyframe.
 * All are known before the first step, because what is written to a stream cannot be thinned later.
 *
 * @param steps  the planned steps
 * @param most   the largest number of keyframes
 * @param least  the least distance between two of them
 * @returns ascending; without 0, the start, and without the last step, from which nothing is repeated
 */
export function keyframeSteps(steps: number, most: number, least = leastStep): number[] {
  const early: number[] = [];
  const mostEarly = Math.floor(most / earlyShare);
  const distance = Math.max(least, Math.ceil(steps / (most - mostEarly + 1)));
  for (let t = Math.floor(distance / 2); t >= least && early.length < mostEarly; t = Math.floor(t / 2))
    early.unshift(t);
  const regular = Math.min(most - early.length, Math.ceil(steps / distance) - 1);
  return [
    ...early.filter((t) => t < steps),
    ...Array.from({ length: regular }, (_, i) => (i + 1) * distance),
  ];
}

/**
 * The keyframes of a run.
 *
 * @param budget  bytes of all keyframes
 * @returns null if there is no room for one
 */
export function plannedKeyframes(
  config: RunConfig,
  dim: number,
  budget: number,
  take: (keyframe: Keyframe) => void,
): Keyframes | null {
  // theta, each state, and the best theta so far.
  const bytes = 8 * dim * (2 + stateNamesOf(config).length) + scalarBytes;
  const most = Math.min(mostKeyframes, Math.floor(budget / bytes));
  const least = dim < longVector ? leastStep : leastStepOfLong;
  const due = new Set(most > 0 ? keyframeSteps(config.steps, most, least) : []);
  if (due.size === 0) return null;
  return { isDue: (t) => due.has(t), take: (checkpoint) => take(encodeKeyframe(config, checkpoint)) };
}
