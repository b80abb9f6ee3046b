import type { Objective } from '../../../../core/objective';
import type { LossProblem } from '../../../problem';
import type { ExportedFunction, JavascriptSource } from '../../../source';
import { LossFailure } from '../../lossFailure';
import type { LoaderContext } from '../../lossProvider';
import { describeThrown } from '../../thrown';
import type { PlainLoss } from '../checks/comparedWithPlain';
import type { LoadedModule, ModuleImporter } from '../moduleImporter';
import { userLoss } from '../userLoss';
import { objectiveOf, type UserLoss } from '../userObjective';

/** A loaded program that is not rewritten. */
export interface Unchanged {
  readonly module: LoadedModule;
  readonly user: UserLoss;
  objective(dim: number): Objective;
}

/**
 * The user's program as it is. It is linked before any code of the user runs, which may replace objects that
 * linking uses, and loaded when it is first needed.
 */
export class UnchangedProgram {
  readonly #importer: ModuleImporter;
  readonly #source: JavascriptSource;
  readonly #context: LoaderContext;
  readonly #import: () => Promise<LoadedModule>;
  #loaded: Promise<Unchanged> | undefined;
  #isFailureReported = false;

  private constructor(
    importer: ModuleImporter,
    source: JavascriptSource,
    context: LoaderContext,
    load: () => Promise<LoadedModule>,
  ) {
    this.#importer = importer;
    this.#source = source;
    this.#context = context;
    this.#import = load;
  }

  /** @throws LossFailure if the program cannot be linked */
  static async link(
    importer: ModuleImporter,
    source: JavascriptSource,
    context: LoaderContext,
  ): Promise<UnchangedProgram> {
    return new UnchangedProgram(importer, source, context, await importer.prepare());
  }

  /** @throws LossFailure if the program cannot be loaded */
  load(gradient: ExportedFunction | null = null): Promise<Unchanged> {
    this.#loaded ??= this.#import().then((module) => this.#programOf(module, gradient));
    return this.#loaded;
  }

  /** The same, without its output, because the rewritten program has printed it already. */
  loadSilently(): Promise<Unchanged> {
    return this.#silently(() => this.load());
  }

  /** The loss of this program, to compare the values of the rewritten one with. */
  lossFor(dim: number): PlainLoss {
    const quiet =
      ({ value }: Objective): Objective['value'] =>
      (params, open) =>
        this.#silently(async () => value(params, open));
    return {
      get: async () => {
        try {
          return quiet((await this.loadSilently()).objective(dim));
        } catch (error) {
          this.#reportFailure(error);
          return null;
        }
      },
      fresh: async () => {
        try {
          const module = await this.#silently(() => this.#importer.import());
          return quiet(this.#programOf(module, null).objective(dim));
        } catch {
          return null;
        }
      },
      describe: (error) => {
        this.#context.enter();
        try {
          return describeThrown(error);
        } finally {
          this.#context.leave();
        }
      },
    };
  }

  #programOf(module: LoadedModule, gradient: ExportedFunction | null): Unchanged {
    const user = userLoss(module, this.#source, gradient, this.#context);
    return { module, user, objective: (dim) => objectiveOf(user, dim, this.#context.onDifferenceAccuracy) };
  }

  #reportFailure(error: unknown): void {
    if (this.#isFailureReported) return;
    this.#isFailureReported = true;
    const { location, message }: Pick<LossProblem, 'location' | 'message'> =
      error instanceof LossFailure
        ? error.problems[0]!
        : { location: this.#source.location, message: describeThrown(error) };
    this.#context.report({
      code: 'not-compared',
      severity: 'warning',
      message: `the exact gradient cannot be checked, because the program could not be loaded a second time: ${message}`,
      location,
    });
  }

  async #silently<T>(work: () => Promise<T>): Promise<T> {
    const speak = this.#context.silence();
    try {
      return await work();
    } finally {
      speak();
    }
  }
}
