import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runtimeKey } from '../../../src/autodiff/instrument/runtimeImport';
import { $ } from '../../../src/autodiff/runtime/index';
import { DiskSources } from '../../../src/loss/diskSources';
import { instrumentation } from '../../../src/loss/providers/javascript/load/instrumentation';
import { link } from '../../../src/loss/providers/javascript/load/link';
import { ChosenPackages } from '../../../src/loss/providers/javascript/load/packages/chosenPackages';
import { packageIn } from '../../../src/loss/providers/javascript/load/packages/installedPackage';
import { type Counts, compareCalls } from './compareCalls';
import { seedMathRandom } from './fixedGlobals';
import type { Exports } from './subjects';

/** The comparison of one package with its rewritten copy. */
export type Comparison = Partial<Counts> & {
  /** Why the package could not be compared. */
  readonly problem: string | null;
};

/**
 * Compares a package as it is with its copy that is rewritten for exact gradients.
 *
 * @param folder      where the package is installed
 * @param skipped     the names of functions that are not called
 * @param onFunction  called before each function, because a call may end the process
 */
export async function comparePackage(
  folder: string,
  name: string,
  seed: number,
  skipped: ReadonlySet<string>,
  onFunction: (name: string) => void,
): Promise<Comparison> {
  const directory = mkdtempSync(path.join(folder, '.bits-'));
  try {
    const entry = path.join(directory, 'entry.mjs');
    // Some packages draw numbers while they are loaded, which `entryText` does first.
    seedMathRandom(seed);
    writeFileSync(entry, await entryText(directory, name));
    const chosen = new ChosenPackages();
    const own = packageIn(path.join(folder, 'node_modules', name));
    if (!own) return { problem: 'it is not installed' };
    chosen.add(own);
    chosen.addDependenciesOf(own);
    const linked = await link(
      entry,
      new DiskSources(),
      path.join(directory, 'out'),
      instrumentation(),
      chosen,
    );
    const { problems } = linked;
    if (problems.length > 0) return { problem: problems.map(({ message }) => message).join('; ') };
    Object.assign(globalThis, { [Symbol.for(runtimeKey)]: $ });
    const { own: plain } = (await import(entry)) as { own: Exports };
    seedMathRandom(seed);
    const { module } = (await import(linked.namespaceUrl)) as { module: { own: Exports } };
    return { ...compareCalls({ plain, rewritten: module.own }, seed, skipped, onFunction), problem: null };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The text of a module that exports a package as `own`: its namespace, or the value of a CommonJS module. */
async function entryText(directory: string, name: string): Promise<string> {
  const probe = path.join(directory, 'probe.mjs');
  writeFileSync(probe, `import * as own from ${JSON.stringify(name)};\nexport { own };\n`);
  const { own } = (await import(probe)) as { own: Exports };
  const value = own.default;
  const isCommonJs =
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    Object.keys(own).every((key) => key === 'default' || key === 'module.exports' || key in value);
  return `import ${isCommonJs ? 'own' : '* as own'} from ${JSON.stringify(name)};\nexport { own };\n`;
}
