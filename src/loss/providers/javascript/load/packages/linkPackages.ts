import { join } from 'node:path';
import type { StringLiteral } from '@babel/types';
import type { Cache } from '../../../../disk/diskCache';
import type { SourceProblem } from '../../../../problem';
import { Edits } from '../edits';
import { ExportLookup } from '../exportLookup';
import { nameOf } from '../exportTable';
import { linkImports } from '../linkImports';
import { linkRequests, runtimeFile, runtimeText } from '../linkRequests';
import { type CodeNode, type ModuleGraph, readPackageGraph } from '../moduleGraph';
import type { MorePasses } from '../morePasses';
import { isStackOverflow, nestingProblem } from '../nesting';
import { namesForLexer, publishedPlaces, publishedTarget, publishJson } from '../published';
import type { Resolution } from '../resolve';
import type { ChosenPackages } from './chosenPackages';
import { keepPackages, keptPackages, type PublishedPackages } from './keptPackages';
import { PackageFiles } from './packageFiles';
import { ruledFiles } from './ruledFiles';

/** The modules of the chosen packages that a program reaches, linked with each other. */
interface LinkedPackages extends PublishedPackages {
  /** The reasons why these modules cannot be loaded or rewritten. */
  readonly problems: readonly SourceProblem[];
}

/**
 * Links the modules of chosen packages that a graph imports, and those that they import. They are published
 * in a folder of their own and refer to no module of the user.
 *
 * @param user        the user's modules
 * @param directory   for the published files
 * @param morePasses  numbers the places in these modules before those in the user's modules
 * @param cache       keeps the linked modules between runs
 */
export async function linkPackages(
  user: ModuleGraph,
  chosen: ChosenPackages,
  directory: string,
  morePasses: MorePasses,
  cache: Cache | null,
): Promise<LinkedPackages> {
  const isChosen = (resolution: Resolution) =>
    (resolution.kind === 'package' && isScript.test(resolution.file) && chosen.contains(resolution.file)) ||
    (resolution.kind === 'user' && chosen.contains(resolution.file));
  const entries = new Map<string, Set<string>>();
  for (const node of user.nodes.values()) if (node.kind === 'code') addEntries(node, isChosen, entries);
  const userFacts = morePasses.factsOf(user, chosen);
  if (entries.size === 0)
    return { places: new Map(), texts: new Map(), ruled: [], facts: userFacts, problems: [] };
  const order = { entries: [...entries.keys()], chosen, facts: userFacts };
  const kept = cache && keptPackages(cache, order, directory, morePasses.siteTable);
  if (kept) return { ...completed(kept, entries, directory, morePasses), problems: [] };
  const read = new Map<string, string | undefined>();
  const sources = new PackageFiles((file, text) => cache && read.set(file, text));
  const graph = await readPackageGraph(order.entries, sources, isChosen);
  const places = publishedPlaces(graph, directory);
  const own = morePasses.factsOf(graph, chosen);
  const facts = {
    mayCallForeign: own.mayCallForeign || userFacts.mayCallForeign,
    hasCallRules: own.hasCallRules || userFacts.hasCallRules,
    hasOwnCallRules: userFacts.hasOwnCallRules,
    lengthsAreCounts: own.lengthsAreCounts && userFacts.lengthsAreCounts,
  };
  const lookup = new ExportLookup(graph);
  const asked = lookup.askedNames();
  // An import that cannot be resolved fails when it is executed, as in Node.
  const problems = graph.problems.filter(({ code }) => code !== 'unresolved-import');
  const texts = new Map<string, string>();
  for (const node of graph.nodes.values()) {
    const place = places.get(node.file)!;
    if (node.kind === 'json') {
      publishJson(node, place, asked.get(node) ?? [], texts);
      continue;
    }
    const edits = new Edits(node.module.text);
    const context = { module: node.module, edits, problems };
    const published = (literal: StringLiteral) => publishedTarget(node, literal, graph, places);
    try {
      for (const pass of morePasses.passes(node, graph, { ...facts, chosen })) pass(context);
      // Node reports missing exports when it links the modules.
      const unchecked = { ...context, problems: [] };
      linkImports(node, lookup, published)(unchecked);
      linkRequests(node, published, `./${runtimeFile}`)(unchecked);
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      problems.push(nestingProblem(node.module, 'too-deep'));
      continue;
    }
    if (node.format === 'cjs') edits.append(namesForLexer(lookup.valueNames(node), asked.get(node) ?? []));
    texts.set(place, edits.toString());
  }
  const linked = { places, texts, ruled: ruledFiles(graph), facts };
  if (cache && problems.length === 0)
    keepPackages(cache, order, directory, graph, linked, read, morePasses.siteTable);
  return { ...completed(linked, entries, directory, morePasses), problems };
}

/** Adds what is not kept between runs: it depends on the folder and on the names that the user's modules import. */
function completed(
  { texts, ...rest }: PublishedPackages,
  entries: ReadonlyMap<string, ReadonlySet<string>>,
  directory: string,
  { files }: MorePasses,
): PublishedPackages {
  const more = new Map(texts).set(join(directory, runtimeFile), runtimeText(rest.places));
  for (const [name, text] of files) more.set(join(directory, name), text);
  for (const [file, names] of entries) {
    const place = rest.places.get(file);
    const text = place?.endsWith('.cjs') && texts.get(place);
    if (place && text) more.set(place, text + namesForLexer([], names));
  }
  return { ...rest, texts: more };
}

const isScript = /\.[cm]?js$/i;

/** Adds the files of packages that a module imports, each with the names that it imports from there. */
function addEntries(
  node: CodeNode,
  isChosen: (resolution: Resolution) => boolean,
  entries: Map<string, Set<string>>,
): void {
  for (const [{ syntax }, resolution] of node.resolutions) {
    if (resolution.kind !== 'package' || !isChosen(resolution)) continue;
    const names = entries.get(resolution.file) ?? new Set();
    entries.set(resolution.file, names);
    if (syntax.type !== 'ImportDeclaration') continue;
    for (const each of syntax.specifiers)
      if (each.type === 'ImportSpecifier') names.add(nameOf(each.imported));
  }
}
