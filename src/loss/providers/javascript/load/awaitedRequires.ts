import type { SourceProblem } from '../../../problem';
import type { CodeNode, ModuleGraph } from './moduleGraph';

/**
 * Reports `require` of a module that has top-level await or imports such a module: `require` is synchronous.
 */
export function awaitedRequires(node: CodeNode, graph: ModuleGraph): SourceProblem[] {
  const problems: SourceProblem[] = [];
  for (const [{ kind, literal, syntax }, resolution] of node.resolutions) {
    const isImported = syntax.type === 'TSImportEqualsDeclaration' && node.format === 'esm';
    if (kind !== 'require' || isImported || resolution.kind !== 'user') continue;
    const awaitingFile = findAwait(resolution.file, graph, new Set());
    if (awaitingFile === null) continue;
    problems.push({
      code: 'require-awaits',
      severity: 'error',
      message: `"${literal.value}" cannot be required: ${awaitingFile} awaits at its top level; import it`,
      location: node.module.source.location(literal.start! + 1, literal.end! - 1),
    });
  }
  return problems;
}

/** The file with top-level await among a module and its static imports, direct and indirect; null if none. */
function findAwait(file: string, graph: ModuleGraph, seen: Set<string>): string | null {
  const node = graph.nodes.get(file);
  if (seen.has(file) || node?.kind !== 'code') return null;
  seen.add(file);
  if (node.awaits) return file;
  for (const [{ kind, syntax }, resolution] of node.resolutions) {
    if (kind !== 'import' || syntax.type === 'ImportExpression' || resolution.kind !== 'user') continue;
    const found = findAwait(resolution.file, graph, seen);
    if (found !== null) return found;
  }
  return null;
}
