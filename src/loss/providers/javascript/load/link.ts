import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StringLiteral } from '@babel/types';
import type { Cache } from '../../../disk/diskCache';
import type { SourceProblem } from '../../../problem';
import type { Sources } from '../../../sources';
import { awaitedRequires } from './awaitedRequires';
import { Edits } from './edits';
import { ExportLookup } from './exportLookup';
import type { LinkedModule } from './linkedModule';
import { linkImports, type Published } from './linkImports';
import { linkRequests, runtimeFile, runtimeText } from './linkRequests';
import { type CodeNode, type ModuleGraph, readGraph } from './moduleGraph';
import { type MorePasses, noMorePasses } from './morePasses';
import { isStackOverflow, nestingProblem } from './nesting';
import { ChosenPackages } from './packages/chosenPackages';
import { CommonJsImports } from './packages/commonJsImports';
import { type InstalledPackage, installedPackageOf } from './packages/installedPackage';
import { linkPackages } from './packages/linkPackages';
import { ruledFiles } from './packages/ruledFiles';
import type { Pass, PassContext } from './pass';
import { namesForLexer, publishedPlaces, publishedTarget, publishJson } from './published';
import { blankTypes } from './typescript/blankTypes';

export interface Linked {
  readonly entryUrl: string;
  /**
   * A file that exports the namespace of the entry as `module`. An import of the entry would call an export
   * `then`.
   */
  readonly namespaceUrl: string;
  /** The user's modules by the path of the published file. */
  readonly modules: ReadonlyMap<string, LinkedModule>;
  /** If one of them is an error, nothing was published. */
  readonly problems: readonly SourceProblem[];
  /** All files on which the program depends, including configuration files. */
  readonly files: readonly string[];
  /** The published texts, by path: those of the packages too. */
  readonly texts: ReadonlyMap<string, string>;
  /** The installed packages from which the user's modules import. */
  readonly imported: readonly InstalledPackage[];
  /** The loaded files with functions that have built-in derivative rules, and the names of their packages. */
  readonly ruled: ReadonlyMap<string, string>;
  /** The source files of the published modules of packages, by the path of the published file. */
  readonly packageFiles: ReadonlyMap<string, string>;
}

/**
 * Publishes the module of a loss and all user modules that it reaches as files that Node can load. Types are
 * blanked, and specifiers refer to the published files. `import(entryUrl)` then has native semantics,
 * including live bindings, cycles and top-level await.
 *
 * @param directory  the folder for the published files. Every link needs a new one, because Node never loads
 *   a file twice.
 * @param chosen     the packages whose modules are published too
 * @param known      the graph of the entry, if it has been read already. Linking does not change it.
 * @param cache      keeps the rewritten modules of packages between runs
 */
export async function link(
  entry: string,
  sources: Sources,
  directory: string,
  morePasses: MorePasses = noMorePasses,
  chosen: ChosenPackages = new ChosenPackages(),
  known: ModuleGraph | null = null,
  cache: Cache | null = null,
): Promise<Linked> {
  const graph = known ?? (await readGraph(entry, sources));
  const packages = await linkPackages(graph, chosen, join(directory, 'packages'), morePasses, cache);
  const program = { ...packages.facts, chosen };
  const places = new Map([...packages.places, ...publishedPlaces(graph, directory)]);
  const lookup = new ExportLookup(graph);
  const problems: SourceProblem[] = [...graph.problems, ...packages.problems];
  const asked = lookup.askedNames();
  const modules = new Map<string, LinkedModule>();
  const texts = new Map<string, string>();
  const commonJs = new CommonJsImports(directory, sources, graph, places, { modules, texts });
  for (const node of graph.nodes.values()) {
    const path = places.get(node.file)!;
    if (node.kind === 'json') {
      publishJson(node, path, asked.get(node) ?? [], texts);
      continue;
    }
    const edits = new Edits(node.module.text);
    const context = { module: node.module, edits, problems };
    const own: SourceProblem[] = [];
    const published = (literal: StringLiteral) =>
      commonJs.published(node, literal) ?? publishedTarget(node, literal, graph, places);
    runPasses(morePasses.passes(node, graph, program), { ...context, problems: own }, 'no-exact-gradient');
    runPasses(loadingPasses(node, lookup, published), { ...context, problems: own }, 'too-deep');
    problems.push(...own, ...awaitedRequires(node, graph));
    if (node.format === 'cjs') edits.append(namesForLexer(lookup.valueNames(node), asked.get(node) ?? []));
    texts.set(path, edits.toString());
    const { source } = node.module;
    modules.set(path, {
      file: node.file,
      text: source.fileText,
      map: source.fileMap(edits.map(node.file)),
    });
  }
  const entryUrl = pathToFileURL(places.get(entry) ?? join(directory, 'missing.mjs')).href;
  const namespacePath = join(directory, namespaceName);
  const namespaceUrl = pathToFileURL(namespacePath).href;
  const files = [...graph.nodes.keys(), ...graph.resolver.configs.files];
  const imported = importedPackages(graph);
  const packageFiles = new Map([...packages.places].map(([file, place]) => [place, file]));
  const ruled = new Map(
    [...ruledFiles(graph), ...packages.ruled].map((file) => [
      places.get(file) ?? file,
      installedPackageOf(file)!.name,
    ]),
  );
  const linked = { entryUrl, namespaceUrl, modules, problems, files, texts, imported, ruled, packageFiles };
  if (problems.some(({ severity }) => severity === 'error')) return linked;
  await mkdir(join(directory, 'packages'), { recursive: true });
  texts.set(namespacePath, `export * as module from ${JSON.stringify(entryUrl)};\n`);
  texts.set(join(directory, runtimeFile), runtimeText(places));
  for (const [name, text] of morePasses.files) texts.set(join(directory, name), text);
  for (const [path, text] of packages.texts) texts.set(path, text);
  await Promise.all([...texts].map(([path, text]) => writeFile(path, text)));
  return linked;
}

function importedPackages(graph: ModuleGraph): InstalledPackage[] {
  const found = new Set<InstalledPackage>();
  for (const node of graph.nodes.values())
    if (node.kind === 'code')
      for (const resolution of node.resolutions.values()) {
        const installed = resolution.kind === 'package' ? installedPackageOf(resolution.file) : null;
        if (installed) found.add(installed);
      }
  return [...found];
}

const namespaceName = 'namespace.mjs';

/** The passes that loading needs. */
function loadingPasses(
  node: CodeNode,
  lookup: ExportLookup,
  published: (literal: StringLiteral) => Published | null,
): Pass[] {
  return [
    blankTypes(node),
    linkImports(node, lookup, published),
    linkRequests(node, published, `./${runtimeFile}`),
  ];
}

/** @param whenTooDeep  the problem to report if the nesting of a module exceeds the stack of a pass */
function runPasses(
  passes: readonly Pass[],
  context: PassContext,
  whenTooDeep: 'too-deep' | 'no-exact-gradient',
): void {
  try {
    for (const pass of passes) pass(context);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    context.problems.push(nestingProblem(context.module, whenTooDeep));
  }
}
