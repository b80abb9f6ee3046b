import path from 'node:path';
import { Refusal } from '../../../autodiff/refusal';
import { hasMiniBatches } from '../../../core/batches';
import type { OptimizerConfig, RunConfig } from '../../../core/config/runConfig';
import { coordinateNames } from '../../../core/coordinates/coordinateNames';
import type { DatumOrigin, Origin } from '../../../core/diagnosis/finding';
import type { CutDerivative } from '../../../core/diagnosis/probes/piecewiseConstant';
import type { Objective, OpenContext } from '../../../core/objective';
import { ownOptimizer } from '../../../core/ownOptimizer/ownOptimizer';
import type { LossProblem } from '../../problem';
import type { JavascriptSource } from '../../source';
import { noContextMessage } from '../../start/vectorStart';
import { failureAtName, LossFailure } from '../lossFailure';
import type { LoadedLoss, LoadedOptimizer, LoaderContext, LossLoader } from '../lossProvider';
import { CodedError, describeThrown, isError, problemOf, type ThrownPlace } from '../thrown';
import { asksForContext } from './callArguments';
import { comparedWithPlain } from './checks/comparedWithPlain';
import { withoutCutGradient } from './checks/cutGradient';
import { borderCause, dataCause } from './checks/data/dataCause';
import { loadDataProgram } from './checks/data/dataProgram';
import { locatedCutLoss } from './checks/locatedCutLoss';
import { nonFiniteOrigin } from './checks/nonFiniteOrigin';
import { saturationOf } from './checks/saturationOf';
import { zeroGradientOrigin } from './checks/zeroGradientOrigin';
import { ChosenPackages } from './load/packages/chosenPackages';
import { exported, exportedFunction } from './moduleExports';
import { type LoadedModule, ModuleImporter } from './moduleImporter';
import { choiceOfPackages, noChoice } from './programs/choiceOfPackages';
import { loadRewritten, type RewrittenLoss } from './programs/rewrittenLoss';
import { RewrittenProgram } from './programs/rewrittenProgram';
import { UnchangedProgram } from './programs/unchangedProgram';
import { replacedWhenRefused } from './replacedWhenRefused';
import { editsAgainst } from './sourceEdits/editsAgainst';
import { editsFor } from './sourceEdits/editsFor';
import { startOf } from './userLoss';
import { checkedValue, type UserLoss, WrongResultError } from './userObjective';

/** A loaded module with its loss and the objective that computes its gradient. */
interface Parts extends Pick<LoadedLoss, 'objective'>, Partial<Pick<LoadedLoss, 'cutDerivative'>> {
  readonly module: LoadedModule;
  readonly user: UserLoss;
  /** null if the loss cannot be rewritten, or does not need to be. */
  readonly rewritten: RewrittenProgram | null;
  /** With a provided gradient: the program that `rewritten` is compared with. */
  readonly unchanged?: UnchangedProgram;
}

/**
 * Loads a loss in the way that its gradient mode needs: unchanged if the gradient is provided or computed by
 * finite differences, rewritten if it must be exact. In mode `auto`, code that cannot be differentiated is
 * reported once, at its places, and the gradient is computed by finite differences.
 */
export class JavascriptLoader implements LossLoader {
  readonly #source: JavascriptSource;
  readonly #context: LoaderContext;
  readonly #importer: ModuleImporter;
  /** The rewritten program that was loaded last: it knows the places of refusals. */
  #rewrittenLoss: RewrittenLoss | null = null;

  constructor(source: JavascriptSource, context: LoaderContext) {
    this.#source = source;
    this.#context = context;
    this.#importer = new ModuleImporter(source, context);
  }

  async load(config: RunConfig): Promise<LoadedLoss> {
    const source = this.#source;
    const mode = config.gradientMode;
    const provides = source.gradient !== null && (mode === 'auto' || mode === 'provided');
    const parts = provides
      ? await this.#provided(config)
      : mode === 'auto'
        ? await this.#auto(config)
        : mode === 'exact'
          ? await this.#exact(config)
          : await this.#plain();
    if (mode === 'provided' && !provides)
      throw failureAtName(
        source,
        'no-gradient',
        `${source.lossName} has no provided gradient: name its function with @gradient`,
      );
    return this.#loaded(parts, config, provides);
  }

  async loadOptimizer(reference: OptimizerConfig): Promise<LoadedOptimizer> {
    const { file, form, optimizer } = this.#source;
    const { exportName, vectors, location } = optimizer ?? {
      exportName: this.#source.exportName,
      location: this.#source.location,
      vectors: form.vector.kind === 'Float64Array' ? 'float64' : 'plain',
    };
    const value = exported(await this.#importer.import(), exportName);
    const own = this.#watched(() => ownOptimizer(value, reference));
    if (!own)
      throw failureAtName(
        this.#source,
        'missing-export',
        `${path.basename(file)} does not export an optimizer as ${exportName}: mark a function step(params, grad, state, t), an object or class with a method step, or a function that creates one`,
      );
    return {
      isSingle: own.isSingle,
      vectors,
      exportName,
      location,
      make: (params) => {
        const instance = this.#watched(() => own.make(params));
        return {
          state: instance.state,
          step: (...given) => this.#watched(() => instance.step(...given)),
        };
      },
    };
  }

  placeOf(error: unknown): ThrownPlace {
    // The caller throws this error, not the user's code. Its place is the name of the function.
    return isError(error, WrongResultError) ? null : this.#importer.placeOf(error);
  }

  problemOf(error: unknown, step?: number): LossProblem {
    const isRefused = isError(error, Refusal);
    const known = isRefused ? refusalError(error) : error;
    const at = isRefused && error.code === 'not-the-same' ? undefined : step;
    const location = isRefused ? (this.#rewrittenLoss?.locationOf(error.site) ?? null) : null;
    return this.#watched(() =>
      problemOf(
        known,
        this.#source,
        location ? { location } : this.placeOf(isRefused ? thrownBy(error) : error),
        at,
      ),
    );
  }

  /**
   * Reading a value that the user's code made may run a getter, so it counts as a call into the user's code.
   */
  #watched<T>(read: () => T): T {
    this.#context.enter();
    try {
      return read();
    } finally {
      this.#context.leave();
    }
  }

  #loaded(parts: Parts, config: RunConfig, provides: boolean): LoadedLoss {
    const { module, user, objective, cutDerivative, rewritten, unchanged } = parts;
    const { validation, lossName } = this.#source;
    const asks = asksForContext(user.loss.call, user.loss.form);
    if (config.samples !== null && !asks)
      throw failureAtName(this.#source, 'no-context', noContextMessage(lossName, 'javascript'));
    return {
      texts: module.texts,
      // The indices of all samples, or of none, are the same at each step.
      isContextual: asks && (user.loss.form.context !== 'indices' || hasMiniBatches(config)),
      start: () => this.#watched(() => startOf(module, this.#source, config)).values,
      startNames: () => this.#watched(() => startOf(module, this.#source, config)).names,
      objective,
      cutDerivative: cutDerivative ?? (() => null),
      validation: () =>
        validation &&
        checkedValue(user, validation.exportName, {
          call: exportedFunction(module, validation.exportName, this.#source),
          form: validation.form,
        }),
      secondOpinion: (dim) =>
        provides && rewritten && unchanged ? this.#secondOpinion(rewritten, unchanged, config, dim) : null,
      originOfNonFinite: async (params, open, mayBeData) => {
        const datum = mayBeData ? await this.#dataCause(dataCause, config, params, open) : null;
        const program = rewritten?.current;
        if (datum || !program) return datum;
        const origin = await nonFiniteOrigin(program, params, open);
        const border = mayBeData && isAtBorder(origin);
        return (border ? await this.#dataCause(borderCause, config, params, open) : null) ?? origin;
      },
      originOfZeroGradient: async (coordinates, params, open) =>
        rewritten?.current ? zeroGradientOrigin(rewritten.current, coordinates, params, open) : null,
      // The derivatives of rewritten code are not removed by any call.
      originOfLostDerivative: async () => null,
      editsFor: (origin) => {
        try {
          return editsFor(origin, module.texts);
        } catch {
          // An expression may be too deeply nested for a search. The finding then has only its other fixes.
          return [];
        }
      },
      editsAgainst: (kind) => {
        try {
          return editsAgainst(kind, module.texts, this.#source);
        } catch {
          return [];
        }
      },
      saturationAt: async (params, open, direction = 1) =>
        rewritten?.current ? saturationOf(rewritten.current, params, open, direction) : null,
      // The numbers of JavaScript have double precision, which the checks of a gradient expect.
      roundingAt: async () => null,
      cutLoss: (dim, open) =>
        rewritten?.current && !provides ? locatedCutLoss(rewritten.current, dim, open) : null,
    };
  }

  /** A datum that makes the loss non-finite; null if there is none, or the program cannot be rewritten. */
  async #dataCause(
    causeOf: typeof dataCause,
    config: RunConfig,
    params: Float64Array,
    open: OpenContext,
  ): Promise<DatumOrigin | null> {
    const load = () =>
      loadRewritten(this.#importer, this.#source, config, this.#context, new ChosenPackages(), true);
    const speak = this.#context.silence();
    try {
      return await causeOf(
        (isRepaired, site, suspects) => loadDataProgram(load, params.length, isRepaired, site, suspects),
        params,
        open,
      );
    } catch {
      // The experiments may make the program fail. The finding is then shown without a datum.
      return null;
    } finally {
      speak();
    }
  }

  async #plain(): Promise<Parts> {
    return { ...(await (await this.#unchanged()).load()), rewritten: null };
  }

  /** @throws LossFailure if the program cannot be linked */
  #unchanged(): Promise<UnchangedProgram> {
    return UnchangedProgram.link(this.#importer, this.#source, this.#context);
  }

  /** The gradient that the user provides, and the rewritten loss if the loss can be rewritten. */
  async #provided(config: RunConfig): Promise<Parts> {
    const unchanged = await this.#unchanged();
    const plain = { ...(await unchanged.load(this.#source.gradient)), unchanged, rewritten: null };
    const rewritten = this.#rewritten(config);
    try {
      await rewritten.load();
      return { ...plain, rewritten };
    } catch (error) {
      if (!(error instanceof LossFailure)) throw error;
      // A user may provide a gradient because the loss cannot be differentiated, which is not worth a warning.
      if (error.problems.some(({ code }) => code !== 'no-exact-gradient'))
        this.#context.report(
          this.#failedToLoad(error, 'the provided gradient is compared with finite differences only'),
        );
      return plain;
    }
  }

  #secondOpinion(
    rewritten: RewrittenProgram,
    unchanged: UnchangedProgram,
    config: RunConfig,
    dim: number,
  ): Objective {
    return this.#exactWhilePossible(rewritten, unchanged, config, dim, (refusal, used) => {
      if (refusal.code === 'not-the-same')
        this.#context.report(
          this.#refused(
            refusal,
            used,
            rewritten,
            'the provided gradient is compared with finite differences only',
          ),
        );
      throw refusal;
    });
  }

  async #exact(config: RunConfig): Promise<Parts> {
    const unchanged = await this.#unchanged();
    try {
      const rewritten = this.#rewritten(config);
      const loaded = await rewritten.load();
      const objective = (dim: number) =>
        this.#exactWhilePossible(rewritten, unchanged, config, dim, (refusal) => {
          throw refusal;
        });
      return { ...loaded, rewritten, objective };
    } catch (error) {
      if (!(error instanceof LossFailure)) throw error;
      throw new LossFailure(error.problems.map(refusedIsError));
    }
  }

  async #auto(config: RunConfig): Promise<Parts> {
    const unchanged = await this.#unchanged();
    const rewritten = this.#rewritten(config);
    let loaded: RewrittenLoss;
    try {
      loaded = await rewritten.load();
    } catch (error) {
      if (!(error instanceof LossFailure)) throw error;
      const plain = await unchanged.load();
      for (const problem of this.#refusedToLoad(error)) this.#context.report(problem);
      return { ...plain, rewritten: null };
    }
    let cut: CutDerivative | null = null;
    const onCut = (found: CutDerivative) => {
      cut = found;
    };
    return {
      ...loaded,
      rewritten,
      cutDerivative: () => cut,
      objective: (dim) =>
        this.#exactWhilePossible(
          rewritten,
          unchanged,
          config,
          dim,
          async (refusal, used) => {
            this.#context.report(this.#refused(refusal, used, rewritten));
            this.#context.onGradientMethod('finite-difference');
            return (await unchanged.loadSilently()).objective(dim);
          },
          onCut,
        ),
    };
  }

  /**
   * The exact objectives of the program as it grows, while the unchanged program has the same values, and
   * rounding removes no derivative.
   *
   * @param otherwise  makes the objective that follows the last exact one
   */
  #exactWhilePossible(
    rewritten: RewrittenProgram,
    unchanged: UnchangedProgram,
    { names, seed }: RunConfig,
    dim: number,
    otherwise: (refusal: Refusal, used: RewrittenLoss) => Promise<Objective>,
    onCut: (cut: CutDerivative) => void = () => {},
  ): Objective {
    let used = rewritten.current!;
    const plain = unchanged.lossFor(dim);
    const nameOf = coordinateNames(names, this.#source.parameterName, dim);
    const objective = () =>
      comparedWithPlain(
        withoutCutGradient(used.objective(dim), used, plain, seed, nameOf, onCut),
        plain,
        seed,
      );
    return replacedWhenRefused(objective(), async (refusal) => {
      const grown = await rewritten.grown(refusal, used);
      if (!grown) return otherwise(refusal, used);
      used = grown;
      return objective();
    });
  }

  #rewritten(config: RunConfig): RewrittenProgram {
    const { cache } = this.#context;
    return new RewrittenProgram(
      (chosen) => this.#loadRewritten(config, chosen),
      cache ? choiceOfPackages(cache, this.#source, this.#importer.texts) : noChoice,
    );
  }

  /** @throws LossFailure if the loss cannot be rewritten or the rewritten program cannot be loaded */
  async #loadRewritten(config: RunConfig, chosen: ChosenPackages): Promise<RewrittenLoss> {
    try {
      this.#rewrittenLoss = await loadRewritten(this.#importer, this.#source, config, this.#context, chosen);
      return this.#rewrittenLoss;
    } catch (error) {
      if (error instanceof LossFailure) throw error;
      throw failureAtName(
        this.#source,
        'import-threw',
        `the program could not be rewritten: ${describeThrown(error)}`,
      );
    }
  }

  /** The reasons why the rewritten program could not be loaded. The unchanged program could. */
  #refusedToLoad(failure: LossFailure): readonly LossProblem[] {
    const refused = failure.problems.filter(({ code }) => code === 'no-exact-gradient');
    if (refused.length > 0) return refused;
    return [this.#failedToLoad(failure, 'the gradient is computed by finite differences')];
  }

  #failedToLoad({ problems }: LossFailure, consequence: string): LossProblem {
    const { location, message } = problems.find(({ severity }) => severity === 'error') ?? problems[0]!;
    return {
      code: 'no-exact-gradient',
      severity: 'warning',
      message: `the program for exact gradients failed, so ${consequence}: ${message}`,
      location,
    };
  }

  /** The reason why the loss cannot be differentiated, at the expression that causes it. */
  #refused(
    refusal: Refusal,
    used: RewrittenLoss,
    program: RewrittenProgram,
    consequence = 'the gradient is computed by finite differences',
  ): LossProblem {
    const location =
      used.locationOf(refusal.site) ??
      this.#watched(() => this.placeOf(thrownBy(refusal)))?.location ??
      this.#source.location;
    return {
      code: 'no-exact-gradient',
      severity: 'warning',
      message: `${refusal.message}${program.wordsOfPackage(refusal, used)}; ${consequence}`,
      location,
    };
  }
}

/** In mode `exact` there is no fallback, so the warning becomes an error. */
function refusedIsError(problem: LossProblem): LossProblem {
  return problem.code === 'no-exact-gradient' ? { ...problem, severity: 'error' } : problem;
}

/** The error whose stack shows the place of a refusal: that of the user's code, if such an error caused it. */
function thrownBy(refusal: Refusal): unknown {
  return refusal.cause ?? refusal;
}

function refusalError({ message }: Refusal): CodedError {
  return new CodedError('no-exact-gradient', message);
}

/** Whether an operation divided by 0 or left its domain: numbers that overflow or underflow are no data. */
function isAtBorder(origin: Origin | null): boolean {
  if (origin?.kind !== 'non-finite-value') return false;
  const { cause } = origin;
  return cause === undefined
    ? Number.isNaN(origin.result)
    : cause.kind !== 'overflow' && cause.underflow === null;
}
