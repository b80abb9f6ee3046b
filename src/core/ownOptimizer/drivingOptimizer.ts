import { optionsOf } from '../config/resolve';
import type { OptimizerConfig } from '../config/runConfig';
import type { Optimizer } from '../optimizers/optimizer';
import { optimizers } from '../optimizers/registry';
import { faultText } from './faultText';
import type { MakeInstance } from './ownOptimizer';
import { readMoments } from './readMoments';
import { BrokenStep, UserRun, type VectorKind } from './userRun';

/** The user's optimizer failed during a run. */
class OwnOptimizerError extends Error {
  override readonly name = 'OwnOptimizerError';
}

/**
 * The user's optimizer in the place of one of the registry. Its state has the names of the reference; an array
 * holds the user's values where they can be recognized, else those of the reference for the same gradients if
 * the optimizer equals it, else NaN.
 *
 * @param isEqual  whether the user's steps equal those of the reference
 * @param ownLr    the lr at which the user's code chooses its own; another one is passed to each step
 */
export function drivingOptimizer(
  make: MakeInstance,
  vectors: VectorKind,
  reference: OptimizerConfig,
  start: Float64Array,
  isEqual: boolean,
  ownLr = optionsOf(reference).lr,
): Optimizer {
  const { create, stateNames } = optimizers[reference.name];
  const options = optionsOf(reference);
  const names = stateNames(options);
  const model = create(start.length, options);
  const theirs = new Float64Array(start.length);
  const state = names.map(() => new Float64Array(start.length));
  const whole = <T>(take: () => T): T => {
    try {
      return take();
    } catch (error) {
      if (!(error instanceof BrokenStep)) throw error;
      if (error.fault.code === 'throws') throw error.fault.thrown;
      throw new OwnOptimizerError(`the optimizer ${faultText(error.fault)}`);
    }
  };
  const run = whole(() => new UserRun(make, vectors, start));
  return {
    state,
    ...(model.scalars && { scalars: model.scalars }),
    step(params, grad, t, lr, beta) {
      theirs.set(params);
      model.step(theirs, grad, t, lr, beta);
      params.set(whole(() => run.take(grad, lr === ownLr ? undefined : lr)));
      const found = readMoments(run.state, params.length, names);
      for (const [k, name] of names.entries()) {
        const values = found.get(name) ?? (isEqual ? model.state[k] : undefined);
        if (values) state[k]!.set(values);
        else state[k]!.fill(Number.NaN);
      }
    },
  };
}
