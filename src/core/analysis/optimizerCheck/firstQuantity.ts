import { optionsOf } from '../../config/resolve';
import type { OptimizerConfig } from '../../config/runConfig';
import type { StateName } from '../../optimizers/optimizer';
import { optimizers } from '../../optimizers/registry';
import type { GradientSequence } from './sequences';

/** The recognized state of the user's optimizer after each step, from step 1. */
export type MomentsOfSteps = readonly ReadonlyMap<StateName, Float64Array>[];

/** The state array that differs first. */
interface StateDeparture {
  readonly name: StateName;
  /** 1-based */
  readonly t: number;
  readonly coordinate: number;
  readonly own: number;
  readonly reference: number;
}

/** What can be said about the quantities of a step before the update differs. */
export interface FirstQuantity {
  /** null if all state arrays that can be read agree up to the step of the departure. */
  readonly state: StateDeparture | null;
  /** The state arrays that can be read and agree. */
  readonly agreeing: readonly StateName[];
  /** The update relative to that of the reference, if the ratio is the same in all coordinates; else null. */
  readonly ratio: number | null;
}

/** The rounding of a moving average over 40 steps in any order of operations. */
const tolerance = 1e-11;

/**
 * The quantity that differs first in a sequence: a state array at the step of the departure or before it, or
 * else the update itself. The state of the reference comes from the same gradients, at its own parameters,
 * which equal the user's up to the departure.
 */
export function firstQuantity(
  reference: OptimizerConfig,
  { start, gradients }: GradientSequence,
  own: readonly Float64Array[],
  moments: MomentsOfSteps,
  until: number,
): FirstQuantity {
  const { create, stateNames } = optimizers[reference.name];
  const options = optionsOf(reference);
  const names = stateNames(options);
  const optimizer = create(start.length, options);
  const params = start.slice();
  const largest = names.map(() => 0);
  const seen = new Set<StateName>();
  let ratio: number | null = null;
  for (let t = 1; t <= until; t++) {
    const before = params.slice();
    optimizer.step(params, gradients[t - 1]!.slice(), t, options.lr as number);
    for (const [k, name] of names.entries()) {
      const expected = optimizer.state[k]!;
      const found = moments[t - 1]?.get(name);
      largest[k] = expected.reduce((a, x) => Math.max(a, Math.abs(x)), largest[k]!);
      if (!found) continue;
      seen.add(name);
      for (const [coordinate, value] of expected.entries())
        if (!(Math.abs(found[coordinate]! - value) <= tolerance * largest[k]!)) {
          const state = { name, t, coordinate, own: found[coordinate]!, reference: value };
          return { state, agreeing: [...seen].filter((other) => other !== name), ratio: null };
        }
    }
    if (t === until) ratio = commonRatio(before, params, own[t]!);
  }
  return { state: null, agreeing: [...seen], ratio };
}

function commonRatio(before: Float64Array, reference: Float64Array, own: Float64Array): number | null {
  const ratios = [...before.keys()].map((i) => (own[i]! - before[i]!) / (reference[i]! - before[i]!));
  const [first] = ratios as [number];
  return ratios.every((ratio) => Math.abs(ratio - first) <= 1e-9 * Math.abs(first)) ? first : null;
}
