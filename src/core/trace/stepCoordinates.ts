import type { RunConfig } from '../config/runConfig';
import { parameterGroupsOf } from '../groups';
import type { CoordinateAt } from '../optimizers/optimizer';
import type { StepView } from '../update';
import { blankCoordinate, type CoordinateFormulas, formulasOf, groupFormulasOf } from './coordinateFormulas';
import type { StepLayout } from './layout';
import type { CoordinateQuantity } from './names';

/** Computes quantities of any coordinate of a step, recorded or not. Takes about 1 µs per coordinate. */
export class StepCoordinates {
  readonly #layout: StepLayout;
  readonly #phases: readonly CoordinateFormulas[];
  readonly #groups: { readonly formulas: readonly CoordinateFormulas[]; readonly of: Uint32Array } | null;
  readonly #isCycled: boolean;
  readonly #at = blankCoordinate();
  #own: CoordinateFormulas;

  constructor(layout: StepLayout, config: RunConfig) {
    this.#layout = layout;
    this.#phases = formulasOf(config);
    this.#own = this.#phases[0]!;
    const groups = parameterGroupsOf(config, layout.dim);
    const formulas = groupFormulasOf(config);
    this.#groups = groups && formulas && { formulas, of: groups.of };
    this.#isCycled = layout.extras.includes('beta');
  }

  /** The index of the parameter group of each coordinate in this step; null if all have the same options. */
  groupsOf(step: StepView): Uint32Array | null {
    return this.#groups !== null && step.phase === 0 ? this.#groups.of : null;
  }

  /** Reads a coordinate, for `value`. */
  read(step: StepView, i: number): void {
    const at: CoordinateAt = this.#at;
    const { stateNames } = this.#layout;
    const group = this.groupsOf(step)?.[i];
    const own = group === undefined ? this.#phases[step.phase]! : this.#groups!.formulas[group]!;
    at.t = step.age;
    at.lr = step.lr;
    at.beta = this.#isCycled ? step.beta : own.beta;
    at.muProduct = step.muProduct;
    at.params = step.params[i]!;
    at.grad = step.grad[i]!;
    at.update = step.params[i]! - step.before[i]!;
    for (let k = 0; k < stateNames.length; k++) at[stateNames[k]!] = step.state[k]![i]!;
    this.#own = own;
  }

  /** A quantity of the coordinate that was read last; NaN if its optimizer does not have it. */
  value(quantity: CoordinateQuantity): number {
    return this.#own.formulas[quantity]?.(this.#at) ?? Number.NaN;
  }
}
