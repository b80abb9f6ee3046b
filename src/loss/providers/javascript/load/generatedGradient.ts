import { type AdjointModule, generateAdjoint } from '../../../../autodiff/adjoint/generateAdjoint';
import type { JavascriptSource } from '../../../source';
import type { CodeNode, ModuleGraph } from './moduleGraph';
import type { MorePasses } from './morePasses';
import type { Pass } from './pass';

/** The name under which a published module exports the generated gradient of its loss. */
export const generatedExport = '$adamscopeGradient';

/**
 * Extends an instrumentation by a pass that appends a generated gradient to the module of the loss, if the
 * syntax of the loss allows it. Otherwise the loss is traced at run time, and nothing is reported to the
 * user.
 *
 * @param dim  null if it is not known before the module is loaded
 */
export function withGeneratedGradient(
  instrumentation: MorePasses,
  loss: Pick<JavascriptSource, 'file' | 'exportName' | 'form'>,
  dim: number | null,
): MorePasses {
  return {
    ...instrumentation,
    passes(node, graph, program) {
      const passes = instrumentation.passes(node, graph, program);
      // Generated code would enter functions that have derivative rules.
      return node.file === loss.file && passes.length > 0 && !program.hasOwnCallRules
        ? [...passes, generated(node, graph, loss, dim)]
        : passes;
    },
  };
}

function generated(
  node: CodeNode,
  graph: ModuleGraph,
  { exportName, form }: Pick<JavascriptSource, 'exportName' | 'form'>,
  dim: number | null,
): Pass {
  return ({ edits }) => {
    const known = new Map<string, AdjointModule>();
    const made = generateAdjoint(
      adjointModule(node, graph, known),
      exportName,
      dim ?? Number.POSITIVE_INFINITY,
      null,
      form,
    );
    if (made.unsupported) return;
    const published =
      node.format === 'esm'
        ? `export { ${made.exportName} as ${generatedExport} };`
        : `Object.defineProperty(module.exports, '${generatedExport}', { value: ${made.exportName} });`;
    edits.append(`${made.text}${published}\n`);
  };
}

/** A module of the graph, with access to the user's modules that it imports. */
function adjointModule(node: CodeNode, graph: ModuleGraph, known: Map<string, AdjointModule>): AdjointModule {
  const before = known.get(node.file);
  if (before) return before;
  const made: AdjointModule = {
    file: node.file,
    text: node.module.text,
    program: node.module.program,
    imported(specifier) {
      const found = [...node.resolutions].find(([{ literal }]) => literal.value === specifier)?.[1];
      const target = found?.kind === 'user' ? graph.nodes.get(found.file) : undefined;
      return target?.kind === 'code' ? adjointModule(target, graph, known) : null;
    },
  };
  known.set(node.file, made);
  return made;
}
