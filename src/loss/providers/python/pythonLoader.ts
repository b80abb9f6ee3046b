import { hasMiniBatches } from '../../../core/batches';
import { namesIn } from '../../../core/callForm';
import type { OptimizerConfig, RunConfig } from '../../../core/config/runConfig';
import type { Objective } from '../../../core/objective';
import type { LossProblem } from '../../problem';
import type { PythonSource } from '../../source';
import type { FlatStart } from '../../start/startStructure';
import { differencesOf } from '../differences';
import { failureAtName, LossFailure } from '../lossFailure';
import type { LoadedLoss, LoadedOptimizer, LoaderContext, LossLoader } from '../lossProvider';
import type { ThrownPlace } from '../thrown';
import { textsFor, wholeTexts, withNotebook } from './notebookTexts';
import { BridgeEnded, BridgeError, type BridgeProcess, NoInterpreter } from './process/bridgeProcess';
import { causesIn } from './pythonCauses';
import { loadPythonOptimizer } from './pythonOptimizer';
import { isRefusal, placeOfError, problemOfError, problemOfImport, processEnded } from './pythonProblems';
import { type LoadAnswer, type Notices, PythonProgram, replacedWhen } from './pythonProgram';
import { type StartAnswer, startOf } from './pythonStart';

/** Python's answer about itself. */
interface EnvironmentAnswer {
  readonly version: string;
  readonly executable: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly device: string;
}

/**
 * Loads a Python loss. The gradient is computed in the Python process in the best way that the loss allows, or here by finite
 * differences.
 */
export class PythonLoader implements LossLoader {
  readonly #source: PythonSource;
  readonly #context: LoaderContext;
  readonly #started: () => Promise<BridgeProcess>;

  /** @param started  the process of the job, which is started when it is first asked for */
  constructor(source: PythonSource, context: LoaderContext, started: () => Promise<BridgeProcess>) {
    this.#source = withNotebook(source);
    this.#context = context;
    this.#started = started;
  }

  async load(config: RunConfig): Promise<LoadedLoss> {
    const source = this.#source;
    const mode = config.gradientMode;
    const provides = source.gradient !== null && (mode === 'auto' || mode === 'provided');
    if (mode === 'provided' && !provides)
      throw failureAtName(
        source,
        'no-gradient',
        `${source.lossName} has no provided gradient: name its function with gradient=`,
      );
    const bridge = await this.#process();
    const loaded = await this.#loadIn(bridge, config);
    const asks = loaded.asks.length > 0;
    if (config.samples !== null && !asks && source.data === null)
      throw failureAtName(
        source,
        'no-context',
        `${source.lossName} does not ask for the mini-batch: add a parameter indices after the vector, or remove samples=`,
      );
    const environment = bridge.ask<EnvironmentAnswer>({ type: 'environment' });
    const report = (gradientBy: string | null) =>
      this.#context.onEnvironment({
        interpreter: environment.executable,
        foundBy: bridge.interpreter.foundBy,
        version: environment.version,
        packages: environment.packages,
        device: environment.device,
        gradientBy,
      });
    report(provides ? null : loaded.method);
    const program = new PythonProgram(bridge, loaded, {
      enter: this.#context.enter,
      leave: this.#context.leave,
      isSilent: this.#context.isSilent,
      isBeside: this.#context.isBeside,
      hasSamples: config.samples !== null,
      onNotices: (notices) => {
        this.#reportFlood(notices);
        report(provides ? null : notices.method);
      },
      ended: () => processEnded(source, () => bridge.causeOfEnd()),
    });
    const start = await this.#startOf(bridge, loaded, config);
    const causes = causesIn(bridge, program, config.samples !== null);
    return {
      texts: wholeTexts(loaded.texts, source),
      isContextual:
        loaded.varies || loaded.asks.some((name) => name !== 'indices') || (asks && hasMiniBatches(config)),
      start: () => start.values,
      startNames: () => start.names,
      objective: (dim) => this.#objective(program, config, dim, provides),
      validation: () => (source.validation === null ? null : program.value('validation')),
      secondOpinion: (dim) => (provides && loaded.method !== null ? exactObjective(program, dim) : null),
      cutDerivative: () => null,
      originOfNonFinite: causes.originOfNonFinite,
      originOfZeroGradient: causes.originOfZeroGradient,
      originOfLostDerivative: causes.originOfLostDerivative,
      editsFor: () => [],
      editsAgainst: () => [],
      saturationAt: causes.saturationAt,
      roundingAt: causes.roundingAt,
      cutLoss: (dim, open) => (provides ? null : causes.cutLoss(dim, open)),
    };
  }

  async loadOptimizer(reference: OptimizerConfig): Promise<LoadedOptimizer> {
    const bridge = await this.#process();
    this.#prepare(bridge);
    try {
      return loadPythonOptimizer(this.#source, reference, (request) => this.#ask(bridge, request));
    } catch (error) {
      throw await this.#failureOf(error, bridge);
    }
  }

  placeOf(error: unknown): ThrownPlace {
    return placeOfError(error);
  }

  problemOf(error: unknown, step?: number): LossProblem {
    return problemOfError(error, this.#source, step);
  }

  async #process(): Promise<BridgeProcess> {
    try {
      return await this.#started();
    } catch (error) {
      if (error instanceof NoInterpreter) throw failureAtName(this.#source, 'no-python', error.message);
      throw error;
    }
  }

  /** @throws LossFailure if the modules cannot be imported */
  async #loadIn(bridge: BridgeProcess, config: RunConfig): Promise<LoadAnswer> {
    const source = this.#source;
    const { form } = source;
    const request = {
      file: source.file,
      lossName: source.lossName,
      exportName: source.exportName,
      vector: { kind: form.vector.kind, names: namesIn(form) ?? [] },
      startExport: source.startExport,
      parameterName: source.parameterName,
      gradient: source.gradient?.exportName ?? null,
      validation: source.validation?.exportName ?? null,
      params: source.params,
      module: source.module,
      data: source.data,
      dtype: source.dtype,
      library: source.library,
      gradientMode: config.gradientMode,
      seed: config.seed,
      start: config.start,
      texts: textsFor(source),
      isSilent: this.#context.isSilent(),
    };
    this.#prepare(bridge);
    try {
      return this.#ask<LoadAnswer>(bridge, { type: 'load', ...request });
    } catch (error) {
      throw await this.#failureOf(error, bridge);
    }
  }

  /** Imports large packages, which takes longer than the limit for the user's code, which does not count it. */
  #prepare(bridge: BridgeProcess): void {
    bridge.ask({ type: 'prepare', file: this.#source.file, texts: textsFor(this.#source) });
  }

  async #failureOf(error: unknown, bridge: BridgeProcess): Promise<unknown> {
    if (error instanceof BridgeError)
      return new LossFailure([problemOfImport(error, this.#source, bridge.interpreter)]);
    if (!(error instanceof BridgeEnded)) return error;
    const cause = await processEnded(this.#source, () => bridge.causeOfEnd());
    return new LossFailure([this.problemOf(cause)]);
  }

  async #startOf(bridge: BridgeProcess, { program }: LoadAnswer, config: RunConfig): Promise<FlatStart> {
    try {
      return startOf(this.#source, config, () =>
        this.#ask<StartAnswer | null>(bridge, { type: 'start', program }),
      );
    } catch (error) {
      throw await this.#failureOf(error, bridge);
    }
  }

  /** Asks the process, within the limits for the user's code. */
  #ask<T>(bridge: BridgeProcess, request: object): T {
    this.#context.enter();
    try {
      return bridge.ask<T>(request);
    } finally {
      this.#context.leave();
    }
  }

  #objective(program: PythonProgram, config: RunConfig, dim: number, provides: boolean): Objective {
    const value = program.value();
    if (provides)
      return { dim, gradientMode: 'provided', value, valueAndGradient: program.valueAndGradient('provided') };
    const differences = () =>
      differencesOf(
        this.#source.lossName,
        dim,
        value,
        'name a gradient function with gradient=',
        this.#context.onDifferenceAccuracy,
      );
    if (config.gradientMode === 'finite-difference') return differences();
    const exact = exactObjective(program, dim);
    if (config.gradientMode === 'exact') return exact;
    return replacedWhen(isRefusal, exact, (error) => {
      this.#context.report(this.#notExact(error));
      this.#context.onGradientMethod('finite-difference');
      return differences();
    });
  }

  #notExact(error: unknown): LossProblem {
    const problem = this.problemOf(error);
    return {
      ...problem,
      severity: 'warning',
      message: `${problem.message}; the gradient is computed by finite differences`,
    };
  }

  #reportFlood({ notices }: Notices): void {
    for (const notice of notices) {
      if (notice.type !== 'flood') continue;
      const { lossName, location } = this.#source;
      const { at } = notice;
      this.#context.report({
        code: 'console-flood',
        severity: 'warning',
        message: `${lossName} printed more than 1000 lines; further lines are not shown`,
        location: at ? { ...at, endLine: at.line, column: 1, endColumn: 1000 } : location,
      });
    }
  }
}

function exactObjective(program: PythonProgram, dim: number): Objective {
  return {
    dim,
    gradientMode: 'exact',
    value: program.value(),
    valueAndGradient: program.valueAndGradient('exact'),
  };
}
