import path from 'node:path';
import { trustTexts } from '../../../autodiff/runtime/callees';
import { shownText } from '../../../core/shownText';
import { DiskSources } from '../../diskSources';
import type { LossProblem } from '../../problem';
import type { JavascriptSource } from '../../source';
import { LossFailure } from '../lossFailure';
import type { LoaderContext } from '../lossProvider';
import { describeThrown, type ThrownPlace } from '../thrown';
import { type Linked, link } from './load/link';
import { locateError, mapStack, stackOf } from './load/locateError';
import { type ModuleGraph, readGraph } from './load/moduleGraph';
import type { MorePasses } from './load/morePasses';
import type { ChosenPackages } from './load/packages/chosenPackages';
import type { InstalledPackage } from './load/packages/installedPackage';
import { addedMembers, putBack } from './programs/addedMembers';
import { restoreMath } from './programs/nativeMath';

/** An imported module of the user. */
export interface LoadedModule {
  /** A promise must not be resolved with the namespace itself, because that calls an export named `then`. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly texts: readonly (readonly [string, string])[];
  /** The problems that do not prevent the module from running. */
  readonly warnings: readonly LossProblem[];
  /** The installed packages from which the user's modules import. */
  readonly packages: readonly InstalledPackage[];
  /** The loaded files with functions that have built-in derivative rules, and the names of their packages. */
  readonly ruled: ReadonlyMap<string, string>;
  /** The source files of the published modules of packages, by the path of the published file. */
  readonly packageFiles: ReadonlyMap<string, string>;
}

/** Links and imports the module of a loss. Every import evaluates the module again, from the same texts. */
export class ModuleImporter {
  readonly #source: JavascriptSource;
  readonly #context: LoaderContext;
  readonly #sources: DiskSources;
  readonly #linked: Linked[] = [];
  #graph: WeakRef<ModuleGraph> | null = null;
  /** What the rewritten program added to prototypes. It works for plain numbers too, so it replaces what others add. */
  #added: ReturnType<typeof addedMembers> | null = null;

  constructor(source: JavascriptSource, context: LoaderContext) {
    this.#source = source;
    this.#context = context;
    this.#sources = new DiskSources(source.texts);
  }

  /** All texts that were read: [absolute path, text]. */
  get texts(): readonly (readonly [string, string])[] {
    return this.#sources.texts;
  }

  /**
   * @param morePasses   passes over the modules in addition to those that loading needs
   * @param chosen       the packages whose modules get these passes too
   * @throws LossFailure with every problem found: syntax, imports, an error thrown while the module runs
   */
  async import(morePasses?: MorePasses, chosen?: ChosenPackages): Promise<LoadedModule> {
    const load = await this.prepare(morePasses, chosen);
    return load();
  }

  /**
   * Does everything but the import, which may follow after the user's code has replaced objects that linking
   * uses.
   *
   * @throws LossFailure with every problem found in the texts. The returned function throws one if the module
   *   throws an error while it runs.
   */
  async prepare(morePasses?: MorePasses, chosen?: ChosenPackages): Promise<() => Promise<LoadedModule>> {
    // Node never loads a file twice, so every import needs its own files.
    const directory = path.join(this.#context.directory, String(this.#linked.length));
    const graph = this.#graph?.deref() ?? (await readGraph(this.#source.file, this.#sources));
    // The syntax trees of a large program take much memory, and are not needed during the run.
    this.#graph = new WeakRef(graph);
    const linked = await link(
      this.#source.file,
      this.#sources,
      directory,
      morePasses,
      chosen,
      graph,
      this.#context.cache,
    );
    this.#linked.push(linked);
    const problems: LossProblem[] = [...linked.problems];
    if (problems.some((problem) => problem.severity === 'error')) throw new LossFailure(problems);
    if (morePasses) trustTexts(linked.texts.values());
    return () => this.#load(linked, problems, morePasses !== undefined);
  }

  async #load(linked: Linked, warnings: readonly LossProblem[], isRewritten: boolean): Promise<LoadedModule> {
    restoreMath();
    this.#context.enter();
    try {
      const { module }: { module: Record<string, unknown> } = await import(linked.namespaceUrl);
      if (isRewritten) this.#added = addedMembers();
      return {
        exports: module,
        texts: this.texts,
        warnings,
        packages: linked.imported,
        ruled: linked.ruled,
        packageFiles: linked.packageFiles,
      };
    } catch (error) {
      throw new LossFailure([
        {
          code: 'import-threw',
          severity: 'error',
          message: `the module could not be loaded: ${describeThrown(error)}`,
          ...(this.placeOf(error) ?? { location: this.#source.location }),
        },
      ]);
    } finally {
      if (this.#added && !isRewritten) putBack(this.#added);
      this.#context.leave();
    }
  }

  /** The place where an error was thrown, in any of the imported modules. */
  placeOf(error: unknown): ThrownPlace {
    for (const linked of this.#linked) {
      const location = locateError(error, linked);
      if (!location) continue;
      const stack = stackOf(error);
      return stack === null ? { location } : { location, stack: shownText(mapStack(stack, linked)) };
    }
    return null;
  }
}
