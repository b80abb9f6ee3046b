import type { OptionSpecs, OptionsOf } from '../../config/optionSpecs';
import { optionsOf } from '../../config/resolve';
import type { OptimizerConfig } from '../../config/runConfig';
import { type OptimizerName, optimizers } from '../../optimizers/registry';
import type { GradientSequence } from './sequences';

export type Options = OptionsOf<OptionSpecs>;

/** Makes step t, changing `params` in place. */
export type Step = (params: Float64Array, grad: Float64Array, t: number) => void;

/** Creates the step function of a new run. */
export type MakeStep = (dim: number) => Step;

/** An optimizer of the registry with a constant learning rate. */
export function registryStep(name: OptimizerName, options: Options): MakeStep {
  return (dim) => {
    const optimizer = optimizers[name].create(dim, options);
    return (params, grad, t) => optimizer.step(params, grad, t, options.lr as number);
  };
}

export function referenceStep(reference: OptimizerConfig): MakeStep {
  return registryStep(reference.name, optionsOf(reference));
}

/**
 * The points that a step visits for a sequence of gradients, theta_0 first. A parameter that is not finite
 * returns to its start before the next step, so that later steps still show what the state does.
 */
export function pointsOf(make: MakeStep, { start, gradients }: GradientSequence): readonly Float64Array[] {
  const step = make(start.length);
  const params = start.slice();
  return [
    start.slice(),
    ...gradients.map((grad, k) => {
      step(params, grad.slice(), k + 1);
      const point = params.slice();
      for (let i = 0; i < params.length; i++) if (!Number.isFinite(params[i])) params[i] = start[i]!;
      return point;
    }),
  ];
}
