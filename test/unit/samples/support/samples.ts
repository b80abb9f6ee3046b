import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { batchesOf } from '../../../../src/core/batches';
import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { contextAt } from '../../../../src/core/context';
import { Diagnosis } from '../../../../src/core/diagnosis/diagnose';
import type { Finding } from '../../../../src/core/diagnosis/finding';
import { withFiniteDifferences } from '../../../../src/core/gradient/finiteDifference';
import { Measurements } from '../../../../src/core/measurements';
import type { EvaluationContext, Objective, OpenContext } from '../../../../src/core/objective';
import { together } from '../../../../src/core/observers';
import { type RunObserver, type RunOutcome, run } from '../../../../src/core/runLoop';
import type { LossDeclaration } from '../../../../src/loss/declaration';
import { discover } from '../../../../src/loss/discovery/discover';

type SampleFunction = (params: number[], context: EvaluationContext) => number;
type Exports = Readonly<Record<string, SampleFunction | readonly number[]>>;

export const samplesFolder = path.join(import.meta.dirname, '../../../../media/samples');

export interface Sample {
  readonly name: string;
  readonly declaration: LossDeclaration;
}

export interface SampleRun {
  readonly outcome: RunOutcome;
  readonly findings: readonly Finding[];
}

/** All losses of the sample workspace, found as the product finds them. */
export function allSamples(): readonly Sample[] {
  return readdirSync(samplesFolder)
    .filter((file) => /\.[cm]?[jt]s$/.test(file))
    .flatMap((file) => {
      const full = path.join(samplesFolder, file);
      const declarations = discover(readFileSync(full, 'utf8'), full, 'named');
      return declarations.map((declaration) => ({ name: declaration.name, declaration }));
    });
}

/** An imported sample: its functions of a plain array, and its start. */
export class LoadedSample {
  readonly declaration: LossDeclaration;
  readonly #exports: Exports;

  private constructor(declaration: LossDeclaration, exports: Exports) {
    this.declaration = declaration;
    this.#exports = exports;
  }

  static async load({ declaration }: Sample): Promise<LoadedSample> {
    const module: Exports & { readonly default?: Exports } = await import(declaration.file);
    return new LoadedSample(declaration, declaration.file.endsWith('.cjs') ? module.default! : module);
  }

  get config() {
    return this.#resolve({});
  }

  #resolve(patch: RunConfigPatch) {
    return resolveConfig([this.declaration.annotation!.patch, patch]);
  }

  get start(): readonly number[] {
    const { startExport } = this.declaration;
    return this.config.config.start ?? (this.#exports[startExport!] as readonly number[]);
  }

  function(name = this.declaration.exportName!): SampleFunction {
    return this.#exports[name] as SampleFunction;
  }

  get gradient(): ((params: number[], context: EvaluationContext) => number[]) | null {
    const name = this.declaration.annotation!.words.get('gradient');
    return name === undefined ? null : (this.#exports[name] as never);
  }

  get validation(): SampleFunction | null {
    const { validation } = this.config.config;
    return validation === null ? null : this.function(validation);
  }

  /**
   * Runs the sample with its annotation and a patch, with finite differences.
   *
   * @param also another observer of the run
   */
  run(
    patch: RunConfigPatch = {},
    also: RunObserver = {},
    measurements = new Measurements(),
  ): Promise<SampleRun> {
    const loss = this.function();
    return this.#run(
      withFiniteDifferences(this.start.length, (params, open) => loss([...params], open())),
      patch,
      also,
      measurements,
    );
  }

  /** Runs the sample with its annotation and this gradient. */
  runExactly(gradient: (params: Float64Array) => readonly number[]): Promise<SampleRun> {
    const loss = this.function();
    const value = (params: Float64Array, open: OpenContext) => loss([...params], open());
    const objective: Objective = {
      dim: this.start.length,
      gradientMode: 'provided',
      value,
      valueAndGradient(params, grad, open) {
        grad.set(gradient(params));
        return value(params, open);
      },
    };
    return this.#run(objective, {});
  }

  async #run(
    objective: Objective,
    patch: RunConfigPatch,
    also: RunObserver = {},
    measurements = new Measurements(),
  ): Promise<SampleRun> {
    const { config, problems } = this.#resolve(patch);
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
    const { validation } = this;
    const batches = batchesOf(config.samples, config.batch, config.seed);
    const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
    const diagnosis = new Diagnosis({
      config,
      dim: objective.dim,
      stepsPerEpoch: batches.stepsPerEpoch,
      isContextual: this.function().length > 1,
      measurements,
      probing: { objective, open, indicesOf: batches.indicesOf },
    });
    const outcome = await run({
      objective,
      start: Float64Array.from(this.start),
      config,
      validation: validation && ((params, open) => validation([...params], open())),
      control: { mayStep: () => true, lr: () => Number.NaN },
      observer: together([diagnosis, also]),
    });
    diagnosis.finish(outcome);
    return { outcome, findings: diagnosis.findings };
  }
}
