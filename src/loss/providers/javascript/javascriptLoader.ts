import { Refusal } from '../../../autodiff/refusal';
import type { RunConfig } from '../../../core/config/runConfig';
import type { LossProblem } from '../../problem';
import type { ExportedFunction, JavascriptSource } from '../../source';
import { failureAtName, LossFailure } from '../lossFailure';
import type { LoadedLoss, LoadedStep, LoaderContext, LossLoader } from '../lossProvider';
import { CodedError, isError, problemOf, type ThrownPlace } from '../thrown';
import { asksForContext } from './callArguments';
import { exactOrDifferences } from './exactOrDifferences';
import { exportedFunction } from './moduleExports';
import { type LoadedModule, ModuleImporter } from './moduleImporter';
import { nonFiniteOrigin } from './nonFiniteOrigin';
import { loadRewritten, type RewrittenLoss } from './rewrittenLoss';
import { startOf, userLoss } from './userLoss';
import { checkedValue, objectiveOf, type UserLoss, WrongResultError } from './userObjective';
import { zeroGradientOrigin } from './zeroGradientOrigin';

/** A loaded module with its loss and the objective that computes its gradient. */
interface Parts extends Pick<LoadedLoss, 'objective'> {
  readonly module: LoadedModule;
  readonly user: UserLoss;
  /** null if the loss cannot be rewritten, or does not need to be. */
  readonly rewritten: RewrittenLoss | null;
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

  async loadStep(): Promise<LoadedStep> {
    const { exportName, form } = this.#source;
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
      vectors: form.vector.kind === 'Float64Array' ? 'float64' : 'plain',
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
    const { validation, lossName } = this.#source;
    const isContextual = asksForContext(user.loss.call, user.loss.form);
    if (config.samples !== null && !isContextual)
      throw failureAtName(
        this.#source,
        'no-context',
        `${lossName} does not ask for the mini-batch: write { indices } as its parameter after the vector, or remove @samples`,
      );
    return {
      texts: module.texts,
      isContextual,
      start: () => this.#watched(() => startOf(module, this.#source, config)),
      objective,
      validation: () =>
        validation &&
        checkedValue(user, validation.exportName, {
          call: exportedFunction(module, validation.exportName, this.#source),
          form: validation.form,
        }),
      secondOpinion: (dim) => (provides && rewritten ? rewritten.objective(dim) : null),
      originOfNonFinite: async (params, open) => rewritten && nonFiniteOrigin(rewritten, params, open),
      originOfZeroGradient: async (coordinates, params, open) =>
        rewritten && zeroGradientOrigin(rewritten, coordinates, params, open),
    };
  }

  async #plain(gradient: ExportedFunction | null = null): Promise<Parts> {
    const module = await this.#importer.import();
    const user = userLoss(module, this.#source, gradient, this.#context);
    return { module, user, objective: (dim) => objectiveOf(user, dim), rewritten: null };
  }

  /** The gradient that the user provides, and the rewritten loss if the loss can be rewritten. */
  async #provided(config: RunConfig): Promise<Parts> {
    const plain = await this.#plain(this.#source.gradient);
    return { ...plain, rewritten: await this.#rewritten(config).catch(() => null) };
  }

  async #exact(config: RunConfig): Promise<Parts> {
    try {
      const rewritten = await this.#rewritten(config);
      return { ...rewritten, rewritten };
    } catch (error) {
      if (!(error instanceof LossFailure)) throw error;
      throw new LossFailure(error.problems.map(refusedIsError));
    }
  }

  async #auto(config: RunConfig): Promise<Parts> {
    let rewritten: RewrittenLoss;
    try {
      rewritten = await this.#rewritten(config);
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
      ...rewritten,
      rewritten,
      objective: (dim) =>
        exactOrDifferences(rewritten.objective(dim), (refusal) => {
          this.#context.report(this.#refused(refusal, rewritten));
          this.#context.onGradientMethod('finite-difference');
          return differences(dim);
        }),
    };
  }

  #rewritten(config: RunConfig): Promise<RewrittenLoss> {
    return loadRewritten(this.#importer, this.#source, config, this.#context);
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
        message: `the program for exact gradients failed, so the gradient is computed by finite differences: ${message}`,
        location,
      },
    ];
  }

  /** The reason why the loss cannot be differentiated, at the expression that causes it. */
  #refused(refusal: Refusal, { locationOf }: RewrittenLoss): LossProblem {
    const location =
      locationOf(refusal.site) ?? this.#importer.placeOf(refusal)?.location ?? this.#source.location;
    return {
      code: 'no-exact-gradient',
      severity: 'warning',
      message: `${refusal.message}; the gradient is computed by finite differences`,
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
