import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Refusal } from '../../../../autodiff/refusal';
import { LossFailure } from '../../lossFailure';
import { ChosenPackages } from '../load/packages/chosenPackages';
import { type InstalledPackage, installedPackageOf } from '../load/packages/installedPackage';
import { type ChoiceOfPackages, noChoice } from './choiceOfPackages';
import { framesBelowOurs, reachedPackage } from './reachedPackage';
import type { RewrittenLoss } from './rewrittenLoss';

/**
 * The rewritten program, which grows: when a traced value reaches code of a package, the program is loaded
 * again, with the modules of that package rewritten like the user's. Packages that no traced value reaches
 * are loaded as they are.
 */
export class RewrittenProgram {
  readonly #load: (chosen: ChosenPackages) => Promise<RewrittenLoss>;
  readonly #choice: ChoiceOfPackages;
  #chosen = new ChosenPackages();
  #current: RewrittenLoss | null = null;
  #growing: Promise<RewrittenLoss | null> | null = null;
  /** Why the program could not be loaded with more packages rewritten. */
  #failure: LossFailure | null = null;

  /**
   * @param load    rewrites and loads the program with these packages
   * @param choice  the packages with which it begins, and where those are kept that it adds
   */
  constructor(load: (chosen: ChosenPackages) => Promise<RewrittenLoss>, choice = noChoice) {
    this.#load = load;
    this.#choice = choice;
  }

  /** null until it is loaded. */
  get current(): RewrittenLoss | null {
    return this.#current;
  }

  /** @throws LossFailure if the program cannot be loaded or rewritten */
  async load(): Promise<RewrittenLoss> {
    this.#current = (await this.#loadAsBefore()) ?? (await this.#load(this.#chosen));
    return this.#current;
  }

  /** The program with the packages of an earlier run; null if there is none, or it cannot be loaded now. */
  #loadAsBefore(): Promise<RewrittenLoss | null> | null {
    const chosen = this.#choice.recall();
    return chosen.packages.length === 0 ? null : this.#loaded(chosen);
  }

  /**
   * The program in which the package is rewritten whose code a traced value reached.
   *
   * @param refusal  by which an evaluation of `used` ended
   * @returns null if the refusal has another cause, or the larger program cannot be loaded
   */
  grown(refusal: Refusal, used: RewrittenLoss): Promise<RewrittenLoss | null> {
    if (this.#current && this.#current !== used) return Promise.resolve(this.#current);
    this.#growing ??= this.#grow(refusal, used).finally(() => {
      this.#growing = null;
    });
    return this.#growing;
  }

  async #grow(refusal: Refusal, used: RewrittenLoss): Promise<RewrittenLoss | null> {
    if (refusal.code === 'derivative-rule') return null;
    const chosen = this.#chosen.copy();
    const reached = reachedPackage(refusal);
    // Code that is not rewritten may have changed a value without a sign of it.
    const isAny = refusal.code === 'not-the-same' && !reached;
    const added = (isAny ? used.module.packages : reached ? [reached] : []).filter((each) =>
      chosen.add(each),
    );
    if (added.length === 0) return null;
    // A package that hands a value on to one of its dependencies will do so with others.
    const caller = callerOf(refusal, used);
    if (caller) chosen.addDependenciesOf(caller);
    // Most packages do so, and each time the program would be loaded again.
    const larger = chosen.copy();
    for (const each of added) larger.addDependenciesOf(each);
    const sets = larger.packages.length > chosen.packages.length ? [larger, chosen] : [chosen];
    for (const each of sets) {
      each.addDependents(used.module.packages);
      const loaded = await this.#loaded(each);
      if (!loaded) continue;
      this.#choice.keep(each);
      return loaded;
    }
    return null;
  }

  /** null if the program cannot be loaded with these packages rewritten. */
  async #loaded(chosen: ChosenPackages): Promise<RewrittenLoss | null> {
    try {
      this.#current = await this.#load(chosen);
      this.#failure = null;
      this.#chosen = chosen;
      return this.#current;
    } catch (error) {
      if (!(error instanceof LossFailure)) throw error;
      this.#failure = error;
      return null;
    }
  }

  /** The place of a refusal in the code of a package, or why that package cannot be rewritten; may be empty. */
  wordsOfPackage(refusal: Refusal, used: RewrittenLoss): string {
    return (this.#failure && wordsOfFailure(this.#failure)) ?? wordsOfPlace(refusal, used);
  }
}

/** The error in the code of a package that prevents its rewriting; null if the error is elsewhere. */
function wordsOfFailure({ problems }: LossFailure): string | null {
  const { message, location } = problems.find(({ severity }) => severity === 'error') ?? problems[0]!;
  const installed = installedPackageOf(location.file);
  if (!installed) return null;
  const at = `${inPackage(installed, location.file)}:${location.line}:${location.column}`;
  return ` (the package ${installed.name} cannot be rewritten: ${at}: ${message})`;
}

function inPackage({ folder }: InstalledPackage, file: string): string {
  return relative(folder, file).split(sep).join('/');
}

/** The rewritten package that contains the refused expression; null if it is the user's code. */
function callerOf(refusal: Refusal, { siteOf }: RewrittenLoss): InstalledPackage | null {
  const site = siteOf(refusal.site);
  return site && installedPackageOf(site.file);
}

/** The place of a refusal in the code of a package, as a part of a message; empty if it is not there. */
function wordsOfPlace(refusal: Refusal, { siteOf, module }: RewrittenLoss): string {
  const site = siteOf(refusal.site);
  if (site)
    return words(
      site.file,
      (text) => text.slice(0, site.from).split('\n').length,
      (text) => text.slice(site.from, site.to),
    );
  const [frame] = framesBelowOurs(refusal);
  const file = frame && module.packageFiles.get(frame.file);
  // Rewriting keeps the lines.
  return frame && file
    ? words(
        file,
        () => frame.line,
        (text) => text.split('\n')[frame.line - 1] ?? '',
      )
    : '';
}

function words(file: string, lineIn: (text: string) => number, codeIn: (text: string) => string): string {
  const installed = installedPackageOf(file);
  if (!installed) return '';
  const text = readFileSync(file, 'utf8');
  const code = codeIn(text).trim().replace(/\s+/g, ' ');
  const shown = code.length > longestShown ? `${code.slice(0, longestShown)}…` : code;
  return ` (in the package ${installed.name}, ${inPackage(installed, file)}:${lineIn(text)}: \`${shown}\`)`;
}

const longestShown = 60;
