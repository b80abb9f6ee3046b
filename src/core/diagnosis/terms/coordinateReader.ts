import type { RunConfig } from '../../config/runConfig';
import type { CoordinateAt, DerivedQuantities, StateName } from '../../optimizers/optimizer';
import { phasesOf, stateNamesOf } from '../../phases';
import { type CoordinateFormulas, formulasOf } from '../../trace/coordinateFormulas';
import type { StepView } from '../../update';

export type Formula = (at: CoordinateAt) => number;

/** Reads a coordinate off a step in the form that the optimizers' formulas take. */
export class CoordinateReader {
  readonly #phases: readonly CoordinateFormulas[];
  readonly #derived: readonly DerivedQuantities[];
  readonly #names: readonly StateName[];
  readonly #at: CoordinateAt;

  constructor(config: RunConfig) {
    this.#phases = formulasOf(config);
    this.#derived = phasesOf(config).map(({ definition, options }) => definition.derived(options));
    this.#names = stateNamesOf(config);
    // The states that this run lacks stay absent: its own formulas do not ask for them.
    this.#at = {} as CoordinateAt;
  }

  /** The formulas of the optimizer that took the step. */
  formulas(step: StepView): CoordinateFormulas {
    return this.#phases[step.phase]!;
  }

  /** P, and what eps adds to it, of the optimizer that took the step. */
  parts(step: StepView): Pick<DerivedQuantities, 'preconditioner' | 'epsPart'> {
    return this.#derived[step.phase]!;
  }

  /** What the formulas need of coordinate i; overwritten by the next call. */
  at(step: StepView, i: number): CoordinateAt {
    const at = this.#at;
    at.t = step.age;
    at.lr = step.lr;
    at.beta = step.beta;
    at.muProduct = step.muProduct;
    at.grad = step.grad[i]!;
    at.params = step.params[i]!;
    at.update = step.params[i]! - step.before[i]!;
    for (let k = 0; k < this.#names.length; k++) at[this.#names[k]!] = step.state[k]![i]!;
    return at;
  }
}
