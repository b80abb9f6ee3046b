import type { StateName } from '../../optimizers/optimizer';
import { readMoments } from '../../ownOptimizer/readMoments';
import type { MomentsOfSteps } from './firstQuantity';
import type { GradientSequence } from './sequences';

/** The user's function marked with `@optimizerStep`. It changes `params` in place or returns new ones. */
export type UserStep = (
  params: number[] | Float64Array,
  grad: number[] | Float64Array,
  state: Record<string, unknown>,
  t: number,
) => unknown;

/** The type of the function's vectors: plain arrays unless its parameters are typed otherwise. */
export type VectorKind = 'plain' | 'float64';

/** An error of a step that makes it unusable as an optimizer step. */
export type StepFault =
  | { readonly code: 'throws'; readonly t: number; readonly thrown: unknown }
  | { readonly code: 'promise'; readonly t: number }
  | { readonly code: 'noVector'; readonly t: number; readonly returned: string }
  | { readonly code: 'wrongLength'; readonly t: number; readonly length: number; readonly dim: number }
  | { readonly code: 'noNumber'; readonly t: number; readonly coordinate: number; readonly found: string }
  | { readonly code: 'notFinite'; readonly t: number; readonly coordinate: number; readonly found: number }
  | { readonly code: 'unchanged' }
  | { readonly code: 'changesGradient'; readonly t: number; readonly coordinate: number }
  | { readonly code: 'notDeterministic' }
  | { readonly code: 'memoryOutside' };

/** A fault after which the run cannot continue. */
export class BrokenStep extends Error {
  readonly fault: StepFault;
  constructor(fault: StepFault) {
    super(fault.code);
    this.fault = fault;
  }
}

/** One run of the user's step: its vectors and its state. */
export class UserRun {
  readonly #step: UserStep;
  readonly #kind: VectorKind;
  readonly #dim: number;
  readonly #state: Record<string, unknown> = {};
  #params: number[] | Float64Array;
  #t = 0;
  /** The first change of a gradient. */
  changedGradient: StepFault | null = null;

  constructor(step: UserStep, kind: VectorKind, start: Float64Array) {
    this.#step = step;
    this.#kind = kind;
    this.#dim = start.length;
    this.#params = this.#vector(start);
  }

  /** The object in which the step keeps its state. */
  get state(): unknown {
    return this.#state;
  }

  get params(): Float64Array {
    return Float64Array.from(this.#params);
  }

  /** @throws BrokenStep */
  take(gradient: Float64Array): Float64Array {
    const t = ++this.#t;
    const grad = this.#vector(gradient);
    let returned: unknown;
    try {
      returned = this.#step(this.#params, grad, this.#state, t);
    } catch (thrown) {
      throw new BrokenStep({ code: 'throws', t, thrown });
    }
    if (typeof (returned as { then?: unknown } | null | undefined)?.then === 'function')
      throw new BrokenStep({ code: 'promise', t });
    if (returned !== undefined && returned !== null) {
      if (!isVector(returned)) throw new BrokenStep({ code: 'noVector', t, returned: typeof returned });
      this.#params = returned;
    }
    const { length } = this.#params;
    if (length !== this.#dim) throw new BrokenStep({ code: 'wrongLength', t, length, dim: this.#dim });
    for (let i = 0; i < length; i++) {
      const value: unknown = this.#params[i];
      if (typeof value !== 'number')
        throw new BrokenStep({ code: 'noNumber', t, coordinate: i, found: typeof value });
      if (!this.changedGradient && !Object.is(grad[i], gradient[i]))
        this.changedGradient = { code: 'changesGradient', t, coordinate: i };
    }
    // A step may return another type of vector than it receives.
    if (Array.isArray(this.#params) !== (this.#kind === 'plain')) this.#params = this.#vector(this.params);
    return this.params;
  }

  /** Replaces parameters that are not finite, so that the run can continue. */
  restore(values: Float64Array): void {
    for (let i = 0; i < this.#dim; i++) if (!Number.isFinite(this.#params[i])) this.#params[i] = values[i]!;
  }

  #vector(values: Float64Array): number[] | Float64Array {
    return this.#kind === 'plain' ? Array.from(values) : values.slice();
  }
}

function isVector(value: unknown): value is number[] | Float64Array {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * The points that the user's step visits for a sequence of gradients, theta_0 first, up to its first fault.
 * See `pointsOf` for parameters that are not finite.
 */
export interface UserPath {
  readonly points: readonly Float64Array[];
  readonly faults: readonly StepFault[];
  /** The state arrays of these names after each step, where they can be recognized. */
  readonly moments: MomentsOfSteps;
}

export function followGradients(
  step: UserStep,
  kind: VectorKind,
  sequence: GradientSequence,
  stateNames: readonly StateName[] = [],
): UserPath {
  const moments: ReadonlyMap<StateName, Float64Array>[] = [];
  const run = new UserRun(step, kind, sequence.start);
  const points: Float64Array[] = [sequence.start.slice()];
  const faults: StepFault[] = [];
  try {
    for (const gradient of sequence.gradients) {
      points.push(run.take(gradient));
      if (stateNames.length > 0) moments.push(readMoments(run.state, sequence.start.length, stateNames));
      run.restore(sequence.start);
    }
  } catch (error) {
    if (!(error instanceof BrokenStep)) throw error;
    faults.push(error.fault);
  }
  if (run.changedGradient) faults.push(run.changedGradient);
  return { points, faults, moments };
}

/** Like `followGradients`, for two alternating runs, each with its own state. */
export function followInTurns(
  step: UserStep,
  kind: VectorKind,
  sequences: readonly [GradientSequence, GradientSequence],
): readonly (readonly Float64Array[])[] {
  const runs = sequences.map(({ start }) => new UserRun(step, kind, start));
  const paths: Float64Array[][] = sequences.map(({ start }) => [start.slice()]);
  for (let t = 0; t < sequences[0].gradients.length; t++)
    for (const [k, { gradients, start }] of sequences.entries()) {
      paths[k]!.push(runs[k]!.take(gradients[t]!));
      runs[k]!.restore(start);
    }
  return paths;
}
