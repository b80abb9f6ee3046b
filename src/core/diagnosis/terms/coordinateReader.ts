import type { RunConfig } from '../../config/runConfig';
import { parameterGroupsOf } from '../../groups';
import type { CoordinateAt, DerivedQuantities, RecordedState } from '../../optimizers/optimizer';
import { cyclingSchedule, phasesOf, stateNamesOf } from '../../phases';
import {
  blankCoordinate,
  type CoordinateFormulas,
  formulasOf,
  groupFormulasOf,
} from '../../trace/coordinateFormulas';
import type { StepView } from '../../update';

export type Formula = (at: CoordinateAt) => number;

type Setter = (at: CoordinateAt, value: number) => void;

/** Ten times as fast as assigning to a property whose name is known only at run time. */
const setters: { readonly [S in RecordedState]: Setter } = {
  m: (at, value) => {
    at.m = value;
  },
  v: (at, value) => {
    at.v = value;
  },
  vMax: (at, value) => {
    at.vMax = value;
  },
  u: (at, value) => {
    at.u = value;
  },
  momentum: (at, value) => {
    at.momentum = value;
  },
  gAvg: (at, value) => {
    at.gAvg = value;
  },
  sum: (at, value) => {
    at.sum = value;
  },
  lr: (at, value) => {
    at.lr = value;
  },
  muProduct: (at, value) => {
    at.muProduct = value;
  },
};

/** Reads one coordinate of a step in the form that the formulas of the optimizers need. */
export class CoordinateReader {
  readonly #phases: readonly CoordinateFormulas[];
  readonly #derived: readonly DerivedQuantities[];
  readonly #setters: readonly Setter[];
  readonly #at: CoordinateAt;
  readonly #isCycled: boolean;

  /** With parameter groups: the formulas of each, and the group of each coordinate. */
  readonly #groups: { readonly formulas: readonly CoordinateFormulas[]; readonly of: Uint32Array } | null;

  constructor(config: RunConfig, dim: number) {
    const groups = parameterGroupsOf(config, dim);
    this.#groups = groups && { formulas: groupFormulasOf(config)!, of: groups.of };
    this.#phases = formulasOf(config);
    this.#derived = phasesOf(config).map(({ definition, options }) => definition.derived(options));
    this.#setters = stateNamesOf(config).map((name) => setters[name]);
    this.#isCycled = cyclingSchedule(config) !== null;
    this.#at = blankCoordinate();
  }

  /** The formulas of the optimizer of the step for coordinate i. */
  formulas(step: StepView, i: number): CoordinateFormulas {
    // Groups belong to the first optimizer.
    return this.#groups && step.phase === 0
      ? this.#groups.formulas[this.#groups.of[i]!]!
      : this.#phases[step.phase]!;
  }

  /** Those of the optimizer of the step, or of all its parameter groups. */
  allFormulas(step: StepView): readonly CoordinateFormulas[] {
    return this.#groups && step.phase === 0 ? this.#groups.formulas : [this.#phases[step.phase]!];
  }

  /** The formulas of the optimizer of the step for P and for the part that eps adds to P. */
  parts(step: StepView): Pick<DerivedQuantities, 'preconditioner' | 'epsPart'> {
    return this.#derived[step.phase]!;
  }

  /** The inputs of the formulas for coordinate i; the next call overwrites the result. */
  at(step: StepView, i: number): CoordinateAt {
    const at = this.#at;
    at.t = step.age;
    at.lr = step.lr;
    at.beta = this.#groups && step.phase === 0 && !this.#isCycled ? this.formulas(step, i).beta : step.beta;
    at.muProduct = step.muProduct;
    at.grad = step.grad[i]!;
    at.params = step.params[i]!;
    at.update = step.params[i]! - step.before[i]!;
    for (let k = 0; k < this.#setters.length; k++) this.#setters[k]!(at, step.state[k]![i]!);
    return at;
  }
}
