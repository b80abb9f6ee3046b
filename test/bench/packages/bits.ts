import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runtimeKey } from '../../../src/autodiff/instrument/runtimeImport';
import { $ } from '../../../src/autodiff/runtime/index';
import { seededRandom } from '../../../src/core/numerics/random';
import { DiskSources } from '../../../src/loss/diskSources';
import { instrumentation } from '../../../src/loss/providers/javascript/load/instrumentation';
import { link } from '../../../src/loss/providers/javascript/load/link';
import { ChosenPackages } from '../../../src/loss/providers/javascript/load/packages/chosenPackages';
import { packageIn } from '../../../src/loss/providers/javascript/load/packages/installedPackage';
import { sameBits } from './sameBits';

/** The comparison of one package with its rewritten copy. */
export interface Comparison {
  readonly functions: number;
  readonly calls: number;
  /** Calls with different results, as text with which they can be repeated. */
  readonly differences: readonly string[];
  /** Why the package could not be compared. */
  readonly problem: string | null;
  readonly modules: number;
}

type Exports = Readonly<Record<string, unknown>>;
type Fn = (...args: unknown[]) => unknown;

const shownDifferences = 5;
const callsPerFunction = 24;
const longestPackageMs = 10_000;

/**
 * Calls the functions that a package exports with random plain arguments: as it is, and rewritten for exact
 * gradients. Both copies draw the same random numbers. A function that does not repeat its own result is left
 * out.
 *
 * @param folder      where the package is installed
 * @param onProgress  called before each function, because a call may not end
 */
export async function comparePackage(
  folder: string,
  name: string,
  seed: number,
  onProgress: (soFar: Comparison) => void,
): Promise<Comparison> {
  const directory = mkdtempSync(path.join(folder, '.bits-'));
  try {
    const entry = path.join(directory, 'entry.mjs');
    writeFileSync(entry, await entryText(directory, name));
    const chosen = new ChosenPackages();
    const own = packageIn(path.join(folder, 'node_modules', name));
    if (!own) return failed('it is not installed');
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
    if (problems.length > 0) return failed(problems.map(({ message }) => message).join('; '));
    Object.assign(globalThis, { [Symbol.for(runtimeKey)]: $ });
    const { own: plain } = (await import(entry)) as { own: Exports };
    const { module } = (await import(linked.namespaceUrl)) as { module: { own: Exports } };
    const modules = linked.packageFiles.size;
    const report = (name: string, soFar: Counts) =>
      onProgress({ ...soFar, modules, problem: `a call of ${name} did not end` });
    return { ...compareExports(plain, module.own, seed, report), problem: null, modules };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
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

export function failed(problem: string): Comparison {
  return { functions: 0, calls: 0, differences: [], problem, modules: 0 };
}

type Counts = Pick<Comparison, 'functions' | 'calls' | 'differences'>;

function compareExports(
  plain: Exports,
  rewritten: Exports,
  seed: number,
  onFunction: (name: string, soFar: Counts) => void,
): Counts {
  const differences: string[] = [];
  let calls = 0;
  let functions = 0;
  const end = performance.now() + longestPackageMs;
  for (const [name, own, other] of functionsOf(plain, rewritten)) {
    onFunction(name, { functions, calls, differences });
    functions++;
    for (let k = 0; k < callsPerFunction && performance.now() < end; k++) {
      const at = seed + 7919 * k;
      const first = outcome(own, at);
      // The second call shows whether the function depends on more than its arguments.
      if (!sameBits(first, outcome(own, at))) break;
      outcome(other, at);
      calls++;
      if (sameBits(first, outcome(other, at))) continue;
      if (differences.length < shownDifferences) differences.push(`${name}, seed ${at}`);
      break;
    }
  }
  return { functions, calls, differences };
}

/** The functions at the top level and in objects there, with the rewritten function at the same place. */
function* functionsOf(plain: Exports, rewritten: Exports, prefix = ''): Generator<[string, Fn, Fn]> {
  if (typeof plain === 'function' && typeof rewritten === 'function')
    yield ['default', plain as unknown as Fn, rewritten as unknown as Fn];
  const names = new Set<string>();
  for (const [key, own] of Object.entries(plain)) {
    const other = rewritten[key];
    if (key === '__esModule' || key === 'prototype' || names.has(key)) continue;
    names.add(key);
    if (typeof own === 'function' && typeof other === 'function') {
      yield [prefix + key, own as Fn, other as Fn];
      yield* staticsOf(own, other, `${prefix}${key}.`);
    } else if (prefix === '' && isNamespace(own) && isNamespace(other))
      yield* functionsOf(own, other, `${key}.`);
  }
}

function* staticsOf(own: object, other: object, prefix: string): Generator<[string, Fn, Fn]> {
  if (prefix.split('.').length > 3) return;
  for (const key of Object.keys(own)) {
    const [a, b] = [own, other].map((each) => (each as Exports)[key]);
    if (typeof a === 'function' && typeof b === 'function') yield [prefix + key, a as Fn, b as Fn];
  }
}

function isNamespace(value: unknown): value is Exports {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a call with the arguments of a seed gives: the result, or the kind of error; and the arguments after it. */
function outcome(fn: Fn, seed: number): unknown {
  const random = seededRandom(seed, 0);
  const args = argumentsFrom(random);
  const { random: native } = Math;
  Math.random = random;
  try {
    const isClass = /^class\b/.test(Function.prototype.toString.call(fn)) || /^[A-Z]/.test(fn.name);
    const result: unknown = isClass ? Reflect.construct(fn, args) : fn(...args);
    return { result: isClass ? [result, methodResults(result, random)] : result, args };
  } catch (error) {
    return { error: error instanceof Error ? error.constructor.name : String(error) };
  } finally {
    Math.random = native;
  }
}

/** The results of the methods of an instance, called once each in the order of their names. */
function methodResults(instance: unknown, random: () => number): unknown {
  if (typeof instance !== 'object' || instance === null) return null;
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(instance)).sort().slice(0, 60);
  return names.map((name) => {
    const args = argumentsFrom(random);
    try {
      const method: unknown = (instance as Record<string, unknown>)[name];
      if (name === 'constructor' || typeof method !== 'function') return null;
      return [name, method.apply(instance, args)];
    } catch (error) {
      return [name, error instanceof Error ? error.constructor.name : 'thrown'];
    }
  });
}

// Neither large numbers, which may be sizes, nor NaN, with which some loops do not end.
const numbers = [0, 1, -1, 0.5, 2, 3, 10, -0, 1e-8];
const texts = ['', 'a', 'steelblue', '#1f77b4', 'x + y', '12.5'];

/** Arguments of one of the usual forms: numbers, lists, points, matrices, or a mixture. */
function argumentsFrom(random: () => number): unknown[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const number = () => (random() < 0.3 ? pick(numbers) : Math.round((random() * 8 - 2) * 64) / 64);
  const list = (make: () => unknown) => Array.from({ length: 1 + Math.floor(random() * 5) }, make);
  const matrix = () => {
    const n = 1 + Math.floor(random() * 3);
    return Array.from({ length: n }, () => Array.from({ length: n }, number));
  };
  const point = () => ({ x: number(), y: number(), z: number() });
  const forms: readonly (() => unknown)[] = [
    number,
    number,
    () => list(number),
    matrix,
    () => Array.from({ length: 3 + Math.floor(random() * 4) }, () => [number(), number()]),
    point,
    () => pick(texts),
    () => (x: unknown) => x,
    () => Float64Array.from({ length: 4 }, number),
    () => random() < 0.5,
  ];
  const isUniform = random() < 0.6;
  const form = pick(forms);
  return Array.from({ length: Math.floor(random() * 5) }, () => (isUniform ? form : pick(forms))());
}
