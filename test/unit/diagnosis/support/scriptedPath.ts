import type { RunConfig } from '../../../../src/core/config/runConfig';
import { norm2 } from '../../../../src/core/numerics/norms';
import type { RecordedState } from '../../../../src/core/optimizers/optimizer';
import { stateNamesOf } from '../../../../src/core/phases';
import type { RunOutcome } from '../../../../src/core/runLoop';
import type { StepView } from '../../../../src/core/update';

/** One number for all coordinates, or one for each. */
type ByCoordinate = number | readonly number[];

type Plain =
  | 'lr'
  | 'beta'
  | 'age'
  | 'phase'
  | 'clipFactor'
  | 'lossScale'
  | 'underflow'
  | 'overflow'
  | 'watched';

/**
 * The values that a step shows. Defaults: 1 for gradients and states, 0 for moves, and typical values of Adam
 * for the rest.
 */
export interface ScriptedStep extends Partial<Pick<StepView, Plain>> {
  readonly loss: number;
  readonly grad?: ByCoordinate;
  /** theta_t − theta_{t−1}. */
  readonly delta?: ByCoordinate;
  /** The optimizer state, for optimizers that have one. */
  readonly state?: number | { readonly [S in RecordedState]?: ByCoordinate };
}

/** A path of given steps, without a real run. */
export class ScriptedPath {
  readonly #dim: number;
  readonly #names: readonly RecordedState[];
  #t = 0;
  #at: Float64Array;
  #before: Float64Array;
  #grad: Float64Array;

  /** @param start  theta_0; 0 unless given */
  constructor(config: RunConfig, dim: number, start?: readonly number[]) {
    this.#dim = dim;
    this.#names = stateNamesOf(config);
    this.#at = start ? Float64Array.from(start) : new Float64Array(dim);
    this.#before = this.#at;
    this.#grad = new Float64Array(dim);
  }

  get t(): number {
    return this.#t;
  }

  step({ loss, grad = 1, delta = 0, state = 1, ...rest }: ScriptedStep): StepView {
    const [previous, before, lastGrad] = [this.#before, this.#at, this.#grad];
    const moves = this.#each(delta);
    this.#at = before.map((theta, i) => theta + moves[i]!);
    const gradient = this.#each(grad);
    this.#before = before;
    this.#grad = gradient;
    return {
      t: ++this.#t,
      loss,
      gradNorm: norm2(gradient),
      clipFactor: 1,
      lr: 0.1,
      beta: 0.9,
      phase: 0,
      age: this.#t,
      lossScale: 1,
      underflow: 0,
      overflow: 0,
      watched: Number.NaN,
      bestWatched: Number.NaN,
      muProduct: Number.NaN,
      ...rest,
      before,
      previous,
      params: this.#at,
      grad: gradient,
      lastGrad,
      state: this.#names.map((name) => this.#each(typeof state === 'number' ? state : (state[name] ?? 1))),
    };
  }

  outcome(final: Partial<RunOutcome>): RunOutcome {
    const end = { params: this.#at.slice(), loss: 0, gradNorm: 1 };
    return {
      steps: this.#t,
      stopped: 'steps',
      final: end,
      best: { ...end, t: this.#t },
      error: undefined,
      ...final,
    };
  }

  #each(values: ByCoordinate): Float64Array {
    return Float64Array.from({ length: this.#dim }, (_, i) =>
      typeof values === 'number' ? values : values[i]!,
    );
  }
}
