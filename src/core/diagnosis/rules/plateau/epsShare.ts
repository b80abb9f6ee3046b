import { numberOption } from '../../../config/readOptions';
import type { RunConfig } from '../../../config/runConfig';
import { parameterGroupsOf } from '../../../groups';
import type { StepView } from '../../../update';
import { CoordinateReader } from '../../terms/coordinateReader';

/**
 * The share of eps in the preconditioner P of a coordinate: 0 for optimizers without eps; near 1 if eps, not
 * the size of the gradient, is the divisor, so that steps are proportional to the gradient.
 */
export class EpsShare {
  readonly #eps: (i: number) => number;
  readonly #reader: CoordinateReader;

  constructor(config: RunConfig, dim: number) {
    const groups = parameterGroupsOf(config, dim);
    const eps = numberOption(config.optimizer, 'eps') ?? 0;
    this.#eps = (i) =>
      groups ? ((groups.phases[groups.of[i]!]!.options.eps as number | undefined) ?? 0) : eps;
    this.#reader = new CoordinateReader(config, dim);
  }

  /** The option eps of the first optimizer for a coordinate. */
  epsOf(i: number): number {
    return this.#eps(i);
  }

  of(step: StepView, i: number): number {
    const { epsShare } = this.#reader.formulas(step, i).formulas;
    return epsShare ? epsShare(this.#reader.at(step, i)) : 0;
  }
}
