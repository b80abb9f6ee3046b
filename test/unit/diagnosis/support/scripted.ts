import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { Diagnosis } from '../../../../src/core/diagnosis/diagnose';
import type { RunOutcome } from '../../../../src/core/run';
import type { StepView } from '../../../../src/core/update';
import { label } from './diagnosed';

export interface ScriptedStep {
  readonly loss: number;
  readonly grad?: number;
  /** theta_t − theta_{t−1}. */
  readonly delta?: number;
  /** m and v, where the optimizer has them. */
  readonly state?: number;
}

/** Feeds a diagnosis of one coordinate with losses that no run has to make: for thresholds and transitions. */
export class Scripted {
  readonly diagnosis: Diagnosis;
  #t = 0;
  #at = 0;
  readonly #stateCount: number;

  constructor(patch: RunConfigPatch = { optimizer: { name: 'sgd' }, steps: 1000 }, stepsPerEpoch = 1) {
    const { config } = resolveConfig([patch]);
    this.diagnosis = new Diagnosis({ config, dim: 1, stepsPerEpoch });
    this.#stateCount = config.optimizer.name === 'sgd' ? 0 : 2;
  }

  get labels(): readonly string[] {
    return this.diagnosis.findings.map(label);
  }

  step({ loss, grad = 1, delta = 0, state = 1 }: ScriptedStep): this {
    const before = this.#at;
    this.#at += delta;
    const view: StepView = {
      t: ++this.#t,
      loss,
      gradNorm: Math.abs(grad),
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
      stability: Number.NaN,
      rebound: Number.NaN,
      before: Float64Array.of(before),
      params: Float64Array.of(this.#at),
      grad: Float64Array.of(grad),
      state: Array.from({ length: this.#stateCount }, () => Float64Array.of(state)),
    };
    this.diagnosis.onStep(view);
    return this;
  }

  losses(...losses: readonly number[]): this {
    for (const loss of losses) this.step({ loss });
    return this;
  }

  finish(final: Partial<RunOutcome> = {}): this {
    const params = Float64Array.of(this.#at);
    const end = { params, loss: 0, gradNorm: 1 };
    this.diagnosis.finish({
      steps: this.#t,
      stopped: 'steps',
      final: end,
      best: { ...end, t: this.#t },
      error: undefined,
      ...final,
    });
    return this;
  }
}
