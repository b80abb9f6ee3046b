import type { RunConfig } from '../../../config/runConfig';
import type { CoordinateAt, DerivedQuantities, StateName } from '../../../optimizers/optimizer';
import { phasesOf, stateNamesOf } from '../../../phases';
import type { StepView } from '../../../update';
import { numberOption } from '../../options';

/**
 * What eps adds to P, over P, of a coordinate: 0 for optimizers without eps, near 1 where steps are proportional to the
 * gradient because eps, not the gradient's size, divides it.
 */
export class EpsShare {
  readonly eps: number;
  readonly #derived: readonly DerivedQuantities[];
  readonly #names: readonly StateName[];
  readonly #at: CoordinateAt;

  constructor(config: RunConfig) {
    this.eps = numberOption(config.optimizer, 'eps') ?? 0;
    this.#derived = phasesOf(config).map(({ definition, options }) => definition.derived(options));
    this.#names = stateNamesOf(config);
    // The states that this run lacks stay absent: its own formulas do not ask for them.
    this.#at = {} as CoordinateAt;
  }

  of(step: StepView, i: number): number {
    const { epsPart, preconditioner } = this.#derived[step.phase]!;
    if (!epsPart) return 0;
    const at = this.#at;
    at.t = step.age;
    at.lr = step.lr;
    at.beta = step.beta;
    at.muProduct = step.muProduct;
    at.grad = step.grad[i]!;
    at.params = step.params[i]!;
    at.update = step.params[i]! - step.before[i]!;
    for (let k = 0; k < this.#names.length; k++) at[this.#names[k]!] = step.state[k]![i]!;
    return epsPart(at) / preconditioner(at);
  }
}
