import type { StringLiteral } from '@babel/types';
import { instrument } from '../../../../autodiff/instrument/instrument';
import { makesOwnLengths } from '../../../../autodiff/instrument/kinds';
import { runtimeModule } from '../../../../autodiff/instrument/runtimeImport';
import { SiteTable } from '../../../../autodiff/instrument/siteTable';
import { walk } from '../../../../autodiff/syntax/nodes';
import { derivativeTags, hasDerivativeTags } from './derivativeTags';
import type { CodeNode, ModuleGraph } from './moduleGraph';
import type { MorePasses, Program } from './morePasses';
import type { ChosenPackages } from './packages/chosenPackages';
import { ruledFiles } from './packages/ruledFiles';
import type { Pass } from './pass';
import { isPackageCode } from './resolve';
import { skipTrivia } from './trivia';

const autodiffFile = 'autodiff.cjs';

/**
 * Rewrites the user's modules so that exact gradients can be computed. Code that cannot be rewritten is refused where it is
 * executed while traced values exist.
 *
 * @param showsVariables  whether the modules of the user show their variables: see `dataBindings`
 */
export function instrumentation(showsVariables = false): MorePasses {
  const table = new SiteTable();
  return {
    files: new Map([[autodiffFile, runtimeModule]]),
    siteTable: table,
    factsOf(graph, chosen) {
      const hasOwnCallRules = hasDerivativeTags(graph);
      const hasCallRules = hasOwnCallRules || ruledFiles(graph).length > 0;
      return {
        // The callee of a call decides whether a rule applies, even if all packages are rewritten.
        mayCallForeign: hasCallRules || mayCallForeign(graph, chosen),
        hasCallRules,
        hasOwnCallRules,
        lengthsAreCounts: lengthsAreCounts(graph),
      };
    },
    passes(node, graph, program) {
      // The syntax tree of a text with errors may be incomplete, and the program will not be run.
      if (graph.problems.some(({ severity }) => severity === 'error')) return [];
      return [rewritten(node, graph, table, program, showsVariables)];
    },
  };
}

function rewritten(
  node: CodeNode,
  graph: ModuleGraph,
  table: SiteTable,
  program: Program,
  showsVariables: boolean,
): Pass {
  return (context) => {
    const { edits, module } = context;
    const source = {
      ...module,
      format: node.format,
      runtimeSpecifier: `./${autodiffFile}`,
      lengthsAreCounts: program.lengthsAreCounts,
      mayCallForeign: program.mayCallForeign,
      hasCallRules: program.hasCallRules,
      hasOwnCallRules: program.hasOwnCallRules,
      derivatives: isPackageCode(node.file) ? [] : derivativeTags(context),
      showsVariables: showsVariables && !isPackageCode(node.file),
      isForeign: (specifier: StringLiteral, name: string | null) =>
        leadsOutside(node, specifier.value, name, graph, program.chosen),
      nextToken: (from: number) => skipTrivia(module.text, from, module.program.sourceType === 'script'),
      fileRange: (from: number, to: number) => module.source.fileRange(from, to),
    };
    instrument(source, edits, table);
  };
}

/** Whether an imported name comes from outside the user's modules. Follows re-exports. */
function leadsOutside(
  node: CodeNode,
  specifier: string,
  name: string | null,
  graph: ModuleGraph,
  chosen: ChosenPackages,
  seen = new Set<string>(),
): boolean {
  const resolution = [...node.resolutions].find(([{ literal }]) => literal.value === specifier)?.[1];
  if (resolution?.kind === 'package') return !chosen.contains(resolution.file);
  if (resolution?.kind === 'native') return true;
  const target = resolution?.kind === 'user' ? graph.nodes.get(resolution.file) : undefined;
  const key = `${target?.file} ${name}`;
  if (target?.kind !== 'code' || name === null || seen.has(key)) return false;
  seen.add(key);
  const entry = target.exports.entries.get(name);
  if (entry)
    return entry.kind === 'from' && leadsOutside(target, entry.specifier, entry.name, graph, chosen, seen);
  return target.exports.stars.some((star) => leadsOutside(target, star, name, graph, chosen, seen));
}

/**
 * Whether functions may come from code that is not rewritten: modules import packages, or modules that are known only at run
 * time, or have classes that extend those of the engine.
 */
function mayCallForeign({ nodes }: ModuleGraph, chosen: ChosenPackages): boolean {
  return [...nodes.values()].some(
    (node) =>
      node.kind === 'code' &&
      (node.requests.open.length > 0 ||
        [...node.resolutions.values()].some(
          (resolution) =>
            (resolution.kind === 'package' && !chosen.contains(resolution.file)) ||
            (resolution.kind === 'native' && hasSubclasses(node)),
        )),
  );
}

function hasSubclasses({ module }: CodeNode): boolean {
  let found = false;
  walk(module.program, (node) => {
    if ((node.type === 'ClassDeclaration' || node.type === 'ClassExpression') && node.superClass)
      found = true;
    return !found;
  });
  return found;
}

function lengthsAreCounts({ nodes }: ModuleGraph): boolean {
  return [...nodes.values()].every((node) =>
    node.kind === 'code' ? !makesOwnLengths(node.module.program) : !/"length"\s*:/.test(node.text),
  );
}
