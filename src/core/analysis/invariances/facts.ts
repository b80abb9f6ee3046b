import type { RunConfig } from '../../config/runConfig';
import type { CoordinateAt } from '../../optimizers/optimizer';
import { phasesOf } from '../../phases';
import type { StepView } from '../../update';

/** Facts about one step of the run, in addition to its points. */
export interface StepFacts {
  /** The loss before the step. */
  readonly loss: number;
  readonly lr: number;
  /** Largest abs(update). */
  readonly length: number;
  /** Largest abs(parameter). */
  readonly size: number;
  /** For each coordinate the share of eps in the denominator; 0 if the optimizer has no eps. */
  readonly epsShare: Float64Array;
  readonly update: Float64Array;
}

export interface GatheredFacts {
  readonly facts: readonly StepFacts[];
  /** The optimizer's own gradient at the first step, including its L2 penalty; empty before that step. */
  readonly firstGradient: Float64Array;
  take(view: StepView): void;
}

/** Collects the facts of a path with one optimizer. */
export function factsOf(config: RunConfig): GatheredFacts {
  const [{ definition, options }] = phasesOf(config);
  const { epsPart, preconditioner } = definition.derived(options);
  const names = definition.stateNames(options);
  const l2 = definition.l2(options);
  // AdaMax adds eps inside its maximum, so its part of P is at most eps.
  const insideP = (options.eps ?? 0) as number;
  const facts: StepFacts[] = [];
  let firstGradient: Float64Array = new Float64Array(0);
  const at = {} as CoordinateAt;
  const take = (view: StepView) => {
    const { params, before, grad, lr } = view;
    at.t = view.age;
    at.lr = lr;
    at.beta = view.beta;
    at.muProduct = view.muProduct;
    const update = params.map((theta, i) => theta - before[i]!);
    const epsShare = params.map((theta, i) => {
      names.forEach((name, k) => {
        at[name] = view.state[k]![i]!;
      });
      at.grad = grad[i]!;
      at.params = theta;
      at.update = update[i]!;
      const share = (epsPart?.(at) ?? insideP) / preconditioner(at);
      return Number.isFinite(share) ? share : 1;
    });
    facts.push({
      loss: view.loss,
      lr,
      length: largest(update),
      size: largest(params),
      epsShare,
      update,
    });
    if (facts.length === 1) firstGradient = grad.map((g, i) => g + l2 * before[i]!);
  };
  return {
    facts,
    take,
    get firstGradient() {
      return firstGradient;
    },
  };
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
