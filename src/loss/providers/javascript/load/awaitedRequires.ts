import type { SourceProblem } from '../../../problem';
import type { CodeNode, ModuleGraph } from './moduleGraph';

/** `require` cannot wait: a module with top-level await, or one that imports such a module, is out of its reach. */
export function awaitedRequires(node: CodeNode, graph: ModuleGraph): SourceProblem[] {
  const problems: SourceProblem[] = [];
  for (const [{ kind, literal, syntax }, resolution] of node.resolutions) {
    const isImported = syntax.type === 'TSImportEqualsDeclaration' && node.format === 'esm';
    if (kind !== 'require' || isImported || resolution.kind !== 'user') continue;
    const waiting = awaiting(resolution.file, graph, new Set());
    if (waiting === null) continue;
    problems.push({
      code: 'require-awaits',
      severity: 'error',
      message: `"${literal.value}" cannot be required: ${waiting} awaits at its top level; import it`,
      location: node.module.lines.location(literal.start! + 1, literal.end! - 1),
    });
  }
  return problems;
}

/** The file that awaits, among a module and what it imports; null if there is none. */
function awaiting(file: string, graph: ModuleGraph, seen: Set<string>): string | null {
  const node = graph.nodes.get(file);
  if (seen.has(file) || node?.kind !== 'code') return null;
  seen.add(file);
  if (node.awaits) return file;
  for (const [{ kind, syntax }, resolution] of node.resolutions) {
    if (kind !== 'import' || syntax.type === 'ImportExpression' || resolution.kind !== 'user') continue;
    const found = awaiting(resolution.file, graph, seen);
    if (found !== null) return found;
  }
  return null;
}
