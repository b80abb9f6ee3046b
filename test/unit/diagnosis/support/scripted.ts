import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { Diagnosis } from '../../../../src/core/diagnosis/diagnose';
import type { Probing } from '../../../../src/core/diagnosis/probes/probe';
import type { RunOutcome } from '../../../../src/core/runLoop';
import { label } from './diagnosed';
import { ScriptedPath, type ScriptedStep } from './scriptedPath';

export interface ScriptedOptions {
  readonly dim?: number;
  readonly isContextual?: boolean;
  readonly probing?: Probing;
}

/** Passes given losses to a diagnosis, without a real run: for thresholds and transitions. */
export class Scripted {
  readonly diagnosis: Diagnosis;
  readonly #path: ScriptedPath;

  constructor(
    patch: RunConfigPatch = { optimizer: { name: 'sgd' }, steps: 1000 },
    stepsPerEpoch = 1,
    { dim = 1, ...options }: ScriptedOptions = {},
  ) {
    const { config } = resolveConfig([patch]);
    this.diagnosis = new Diagnosis({ config, dim, stepsPerEpoch, ...options });
    this.#path = new ScriptedPath(config, dim);
  }

  get labels(): readonly string[] {
    return this.diagnosis.findings.map(label);
  }

  step(step: ScriptedStep): this {
    this.diagnosis.onStep(this.#path.step(step));
    return this;
  }

  /** For a diagnosis that may evaluate the loss: some of its steps are asynchronous. */
  async awaited(step: ScriptedStep): Promise<this> {
    await this.diagnosis.onStep(this.#path.step(step));
    return this;
  }

  losses(...losses: readonly number[]): this {
    for (const loss of losses) this.step({ loss });
    return this;
  }

  finish(final: Partial<RunOutcome> = {}): this {
    this.diagnosis.finish(this.#path.outcome(final));
    return this;
  }
}
