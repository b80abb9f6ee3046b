import { Refusal } from '../../../autodiff/refusal';
import type { RunConfig } from '../../../core/config/runConfig';
import type { Objective } from '../../../core/objective';
import type { LossProblem } from '../../problem';
import type { JavascriptSource } from '../../source';
import { failureAtName, LossFailure } from '../lossFailure';
import type { LoadedLoss, LoadedStep, LoaderContext, LossLoader } from '../lossProvider';
import { CodedError, isError, problemOf, type ThrownPlace } from '../thrown';
import { exactOrDifferences } from './exactOrDifferences';
import { exportedFunction } from './moduleExports';
import { type LoadedModule, ModuleImporter } from './moduleImporter';
import { nonFiniteOrigin } from './nonFiniteOrigin';
import { loadRewritten, type RewrittenLoss } from './rewrittenLoss';
import { RewrittenProgram, wordsOfPackage } from './rewrittenProgram';
import { startOf, userLoss } from './userLoss';
import { checkedValue, objectiveOf, type UserLoss, WrongResultError } from './userObjective';
import { zeroGradientOrigin } from './zeroGradientOrigin';

/** A loaded module with its loss and the objective that computes its gradient. */
interface Parts extends Pick<LoadedLoss, 'objective'> {
  readonly module: LoadedModule;
  readonly user: UserLoss;
  /** null if the loss cannot be rewritten, or does not need to be. */
  readonly rewritten: RewrittenProgram | null;
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

  constructor(source: JavascriptSource, context: LoaderContext) {
    this.#source = source;
    this.#context = context;
    this.#importer = new ModuleImporter(source, context);
  }

  async load(config: RunConfig): Promise<LoadedLoss> {
    const source = this.#source;
    const mode = config.gradientMode;
    const provides = source.gradientExport !== null && (mode === 'auto' || mode === 'provided');
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

  async loadStep(): Promise<LoadedStep> {
    const { exportName, wantsFloat64Array } = this.#source;
    const { enter, leave } = this.#context;
    const own = exportedFunction(
      await this.#importer.import(),
      exportName,
      this.#source,
    ) as unknown as LoadedStep['step'];
    return {
      step(...args) {
        enter();
        try {
          return own(...args);
        } finally {
          leave();
        }
      },
      vectors: wantsFloat64Array ? 'float64' : 'plain',
    };
  }

  placeOf(error: unknown): ThrownPlace {
    // The caller throws this error, not the user's code. Its place is the name of the function.
    return isError(error, WrongResultError) ? null : this.#importer.placeOf(error);
  }

  problemOf(error: unknown, step?: number): LossProblem {
    const known = isError(error, Refusal) ? refusalError(error) : error;
    return this.#watched(() => problemOf(known, this.#source, this.placeOf(error), step));
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

  #loaded({ module, user, objective, rewritten }: Parts, config: RunConfig, provides: boolean): LoadedLoss {
    return {
      texts: module.texts,
      isContextual: user.loss.length > 1,
      start: () => this.#watched(() => startOf(module, this.#source, config)),
      objective,
      validation: () =>
        config.validation === null
          ? null
          : checkedValue(user, config.validation, exportedFunction(module, config.validation, this.#source)),
      secondOpinion: (dim) => (provides && rewritten ? this.#onlyExact(rewritten, dim) : null),
      originOfNonFinite: async (params, open) =>
        rewritten?.current ? nonFiniteOrigin(rewritten.current, params, open) : null,
      originOfZeroGradient: async (coordinates, params, open) =>
        rewritten?.current ? zeroGradientOrigin(rewritten.current, coordinates, params, open) : null,
    };
  }

  async #plain(gradient: string | null = null): Promise<Parts> {
    const module = await this.#importer.import();
    const user = userLoss(module, this.#source, gradient, this.#context);
    return { module, user, objective: (dim) => objectiveOf(user, dim), rewritten: null };
  }

  /** The gradient that the user provides, and the rewritten loss if the loss can be rewritten. */
  async #provided(config: RunConfig): Promise<Parts> {
    const plain = await this.#plain(this.#source.gradientExport);
    const rewritten = this.#rewritten(config);
    return {
      ...plain,
      rewritten: await rewritten.load().then(
        () => rewritten,
        () => null,
      ),
    };
  }

  async #exact(config: RunConfig): Promise<Parts> {
    try {
      const rewritten = this.#rewritten(config);
      const loaded = await rewritten.load();
      return { ...loaded, rewritten, objective: (dim) => this.#onlyExact(rewritten, dim) };
    } catch (error) {
      if (!(error instanceof LossFailure)) throw error;
      throw new LossFailure(error.problems.map(refusedIsError));
    }
  }

  async #auto(config: RunConfig): Promise<Parts> {
    const rewritten = this.#rewritten(config);
    let loaded: RewrittenLoss;
    try {
      loaded = await rewritten.load();
    } catch (error) {
      if (!(error instanceof LossFailure)) throw error;
      const plain = await this.#plain();
      for (const problem of this.#refusedToLoad(error)) this.#context.report(problem);
      return plain;
    }
    // The unchanged program. It is loaded when it is first needed.
    let plain: Promise<Parts> | undefined;
    const differences = async (dim: number) => {
      plain ??= this.#plain();
      return (await plain).objective(dim);
    };
    return {
      ...loaded,
      rewritten,
      objective: (dim) =>
        this.#exactWhilePossible(rewritten, dim, (refusal, used) => {
          this.#context.report(this.#refused(refusal, used));
          this.#context.onGradientMethod('finite-difference');
          return differences(dim);
        }),
    };
  }

  /** @param otherwise  makes the objective that follows the last exact one */
  #exactWhilePossible(
    rewritten: RewrittenProgram,
    dim: number,
    otherwise: (refusal: Refusal, used: RewrittenLoss) => Promise<Objective>,
  ): Objective {
    let used = rewritten.current!;
    return exactOrDifferences(used.objective(dim), async (refusal) => {
      const grown = await rewritten.grown(refusal, used);
      if (!grown) return otherwise(refusal, used);
      used = grown;
      return used.objective(dim);
    });
  }

  #onlyExact(rewritten: RewrittenProgram, dim: number): Objective {
    return this.#exactWhilePossible(rewritten, dim, (refusal) => {
      throw refusal;
    });
  }

  #rewritten(config: RunConfig): RewrittenProgram {
    return new RewrittenProgram((chosen) =>
      loadRewritten(this.#importer, this.#source, config, this.#context, chosen),
    );
  }

  /** The reasons why the rewritten program could not be loaded. The unchanged program could. */
  #refusedToLoad({ problems }: LossFailure): readonly LossProblem[] {
    const refused = problems.filter(({ code }) => code === 'no-exact-gradient');
    if (refused.length > 0) return refused;
    const { location, message } = problems.find(({ severity }) => severity === 'error') ?? problems[0]!;
    return [
      {
        code: 'no-exact-gradient',
        severity: 'warning',
        message: `the program for exact gradients failed, so the gradient is computed by differences: ${message}`,
        location,
      },
    ];
  }

  /** The reason why the loss cannot be differentiated, at the expression that causes it. */
  #refused(refusal: Refusal, used: RewrittenLoss): LossProblem {
    const location =
      used.locationOf(refusal.site) ?? this.#importer.placeOf(refusal)?.location ?? this.#source.location;
    return {
      code: 'no-exact-gradient',
      severity: 'warning',
      message: `${refusal.message}${wordsOfPackage(refusal, used)}; the gradient is computed by finite differences`,
      location,
    };
  }
}

/** In mode `exact` there is no fallback, so the warning becomes an error. */
function refusedIsError(problem: LossProblem): LossProblem {
  return problem.code === 'no-exact-gradient' ? { ...problem, severity: 'error' } : problem;
}

function refusalError({ message }: Refusal): CodedError {
  return new CodedError('no-exact-gradient', message);
}
