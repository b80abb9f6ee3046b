import { dirname, join } from 'node:path';
import { type InstalledPackage, installedPackageOf, packageIn, realPath } from './installedPackage';

/** The packages whose modules are rewritten like the user's, because traced values reach them. */
export class ChosenPackages {
  readonly #byFolder = new Map<string, InstalledPackage>();

  get packages(): InstalledPackage[] {
    return [...this.#byFolder.values()];
  }

  copy(): ChosenPackages {
    const copied = new ChosenPackages();
    for (const installed of this.packages) copied.add(installed);
    return copied;
  }

  has(installed: InstalledPackage): boolean {
    return this.#byFolder.has(installed.folder);
  }

  /** Whether a file belongs to one of the packages. */
  contains(file: string): boolean {
    const installed = installedPackageOf(file);
    return installed !== null && this.has(installed);
  }

  /** @returns whether the package is new */
  add(installed: InstalledPackage): boolean {
    if (this.has(installed)) return false;
    this.#byFolder.set(installed.folder, installed);
    return true;
  }

  /** Adds all packages on which a package depends, directly and indirectly. */
  addDependenciesOf(installed: InstalledPackage): void {
    for (const dependency of installedDependencies(installed))
      if (this.add(dependency)) this.addDependenciesOf(dependency);
  }

  /**
   * Adds those of the packages that depend on a package of the set, and the packages between them. Otherwise
   * they would use a second, unchanged copy of it, whose instances are not instances of the first.
   */
  addDependents(imported: readonly InstalledPackage[]): void {
    const leads = new Map<string, boolean>();
    const visit = (installed: InstalledPackage): boolean => {
      const known = leads.get(installed.folder);
      if (known !== undefined) return known;
      leads.set(installed.folder, false);
      let found = false;
      for (const dependency of installedDependencies(installed)) {
        const isChosen = this.has(dependency);
        if (visit(dependency) || isChosen) found = true;
      }
      leads.set(installed.folder, found);
      if (found) this.add(installed);
      return found;
    };
    for (const installed of imported) visit(installed);
  }
}

function installedDependencies({ folder, dependencies }: InstalledPackage): InstalledPackage[] {
  return dependencies.flatMap((name) => dependencyOf(folder, name) ?? []);
}

/** The package that Node finds for a name from a folder. */
function dependencyOf(from: string, name: string): InstalledPackage | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = packageIn(realPath(join(folder, 'node_modules', name)));
    if (found) return found;
    if (dirname(folder) === folder) return null;
  }
}
