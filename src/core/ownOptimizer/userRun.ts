import type { MakeInstance, OwnInstance, Vector } from './ownOptimizer';

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
  readonly #instance: OwnInstance;
  readonly #kind: VectorKind;
  readonly #dim: number;
  #params: Vector;
  #t = 0;
  /** The first change of a gradient. */
  changedGradient: StepFault | null = null;

  /** @throws BrokenStep  if the user's code throws while it creates the optimizer */
  constructor(make: MakeInstance, kind: VectorKind, start: Float64Array) {
    this.#kind = kind;
    this.#dim = start.length;
    this.#params = this.#vector(start);
    try {
      this.#instance = make(this.#params);
    } catch (thrown) {
      throw new BrokenStep({ code: 'throws', t: 0, thrown });
    }
  }

  /** The object in which the step keeps its state. */
  get state(): unknown {
    return this.#instance.state;
  }

  get params(): Float64Array {
    return Float64Array.from(this.#params);
  }

  /**
   * @param lr  replaces the learning rate of the reference
   * @throws BrokenStep
   */
  take(gradient: Float64Array, lr?: number): Float64Array {
    const t = ++this.#t;
    const grad = this.#vector(gradient);
    let returned: unknown;
    try {
      returned = this.#instance.step(this.#params, grad, t, lr);
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

  #vector(values: Float64Array): Vector {
    return this.#kind === 'plain' ? Array.from(values) : values.slice();
  }
}

function isVector(value: unknown): value is Vector {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
