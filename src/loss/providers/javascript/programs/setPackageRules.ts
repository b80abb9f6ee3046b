import { pathToFileURL } from 'node:url';
import { packageRules } from '../../../../autodiff/callRules/packageRules';
import { setCallRule } from '../../../../autodiff/runtime/ruledCalls';

/**
 * Gives the functions of packages their built-in derivative rules. A function is identified as the export of its package, whatever
 * the program calls it.
 *
 * @param files  the loaded files, and the names of their packages
 */
export async function setPackageRules(files: ReadonlyMap<string, string>): Promise<void> {
  for (const [file, packageName] of files) {
    const rules = packageRules(packageName);
    const module = await moduleIn(file);
    if (rules && module) for (const [fn, rule] of rules(module)) setCallRule(fn, rule);
  }
}

/** The exports of a CommonJS module, or the namespace; null if it cannot be loaded, as in a branch that does not run. */
async function moduleIn(file: string): Promise<object | null> {
  try {
    const namespace = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    const main = namespace.default ?? namespace;
    return typeof main === 'object' || typeof main === 'function' ? main : null;
  } catch {
    return null;
  }
}
