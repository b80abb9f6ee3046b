import { optionsOf } from '../../../config/resolve';
import type { RunConfig } from '../../../config/runConfig';
import type { CoordinateAt } from '../../../optimizers/optimizer';
import { optimizers } from '../../../optimizers/registry';
import type { StepView } from '../../../run';
import { numberOption } from '../../options';

/**
 * eps / P of a coordinate: 0 for optimizers without eps, near 1 where steps are proportional to the gradient because
 * eps, not the gradient's size, divides it.
 */
export class EpsShare {
  readonly eps: number;
  readonly #preconditioner: (at: CoordinateAt) => number;
  readonly #names: readonly (keyof CoordinateAt)[];
  readonly #at: CoordinateAt;

  constructor({ optimizer }: RunConfig) {
    const definition = optimizers[optimizer.name];
    const options = optionsOf(optimizer);
    this.eps = numberOption(optimizer, 'eps') ?? 0;
    this.#preconditioner = definition.derived(options).preconditioner;
    this.#names = definition.stateNames(options);
    // The states that this optimizer lacks stay absent: its own formulas do not ask for them.
    this.#at = {} as CoordinateAt;
  }

  of(step: StepView, i: number): number {
    if (this.eps === 0) return 0;
    const at = this.#at;
    at.t = step.t;
    at.lr = step.lr;
    at.grad = step.grad[i]!;
    at.params = step.params[i]!;
    at.update = step.params[i]! - step.before[i]!;
    this.#names.forEach((name, k) => {
      at[name] = step.state[k]![i]!;
    });
    return this.eps / this.#preconditioner(at);
  }
}
