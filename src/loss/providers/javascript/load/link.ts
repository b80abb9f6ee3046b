import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StringLiteral } from '@babel/types';
import type { SourceProblem } from '../../../problem';
import type { Sources } from '../../../sources';
import { awaitedRequires } from './awaitedRequires';
import { blankTypes } from './blankTypes';
import { Edits, type ModuleMap } from './edits';
import { ExportLookup } from './exportLookup';
import { linkImports, type Published } from './linkImports';
import { linkRequests, runtimeText } from './linkRequests';
import { type CodeNode, type ModuleGraph, readGraph } from './moduleGraph';
import { isStackOverflow, nestingProblem } from './nesting';
import type { Pass, PassContext } from './pass';
import { namesForLexer, publishedPlaces, publishedTarget, publishJson } from './published';

/** A module as it was published. */
export interface LinkedModule {
  /** The file whose text it is, absolute. */
  readonly file: string;
  /** The text that was linked. */
  readonly text: string;
  /** null while every line and column is the source's own. */
  readonly map: ModuleMap | null;
}

export interface Linked {
  readonly entryUrl: string;
  /** Exports the entry's namespace as `module`: importing the entry itself would call an export named `then`. */
  readonly namespaceUrl: string;
  /** By the path of the published file. */
  readonly modules: ReadonlyMap<string, LinkedModule>;
  /** With an error among them nothing was published. */
  readonly problems: readonly SourceProblem[];
  /** Every file that took part, configuration included: when one changes, the program may be another. */
  readonly files: readonly string[];
}

/** What exact gradients add to the program: passes over a user's module, and files that the rewritten modules import. */
export interface MorePasses {
  passes(node: CodeNode, graph: ModuleGraph): readonly Pass[];
  /** Texts by name, published beside the modules. */
  readonly files: ReadonlyMap<string, string>;
}

const noMorePasses: MorePasses = { passes: () => [], files: new Map() };

/**
 * Makes a loss's module and all of the user's modules that it reaches loadable by node as they are: types blanked,
 * specifiers pointed to each other's published files. `import(entryUrl)` then has native semantics throughout: live
 * bindings, cycles, top-level await.
 *
 * @param directory  takes the published files; a fresh one for every link, for node never loads a file twice
 */
export async function link(
  entry: string,
  sources: Sources,
  directory: string,
  morePasses: MorePasses = noMorePasses,
): Promise<Linked> {
  const graph = readGraph(entry, sources);
  const places = publishedPlaces(graph, directory);
  const lookup = new ExportLookup(graph);
  const problems: SourceProblem[] = [...graph.problems];
  const asked = lookup.askedNames();
  const modules = new Map<string, LinkedModule>();
  const texts = new Map<string, string>();
  for (const node of graph.nodes.values()) {
    const path = places.get(node.file)!;
    if (node.kind === 'json') {
      publishJson(node, path, texts);
      continue;
    }
    const edits = new Edits(node.module.text);
    const context = { module: node.module, edits, problems };
    const own: SourceProblem[] = [];
    const published = (literal: StringLiteral) => publishedTarget(node, literal, graph, places);
    runPasses(morePasses.passes(node, graph), { ...context, problems: own }, 'no-exact-gradient');
    runPasses(loadingPasses(node, lookup, published), { ...context, problems: own }, 'too-deep');
    problems.push(...own, ...awaitedRequires(node, graph));
    if (node.format === 'cjs') edits.append(namesForLexer(lookup.valueNames(node), asked.get(node) ?? []));
    texts.set(path, edits.toString());
    modules.set(path, { file: node.file, text: node.module.text, map: edits.map(node.file) });
  }
  const entryUrl = pathToFileURL(places.get(entry) ?? join(directory, 'missing.mjs')).href;
  const namespacePath = join(directory, namespaceName);
  const namespaceUrl = pathToFileURL(namespacePath).href;
  const files = [...graph.nodes.keys(), ...graph.resolver.configs.files];
  if (problems.some(({ severity }) => severity === 'error'))
    return { entryUrl, namespaceUrl, modules, problems, files };
  await mkdir(directory, { recursive: true });
  texts.set(namespacePath, `export * as module from ${JSON.stringify(entryUrl)};\n`);
  texts.set(join(directory, runtimeName), runtimeText(places));
  for (const [name, text] of morePasses.files) texts.set(join(directory, name), text);
  await Promise.all([...texts].map(([path, text]) => writeFile(path, text)));
  return { entryUrl, namespaceUrl, modules, problems, files };
}

const runtimeName = 'runtime.cjs';
const namespaceName = 'namespace.mjs';

/** What loading itself needs. */
function loadingPasses(
  node: CodeNode,
  lookup: ExportLookup,
  published: (literal: StringLiteral) => Published | null,
): Pass[] {
  return [
    blankTypes(node),
    linkImports(node, lookup, published),
    linkRequests(node, published, `./${runtimeName}`),
  ];
}

/** @param whenTooDeep  what it means that a pass cannot descend into a module */
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
