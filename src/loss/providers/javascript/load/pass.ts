import type { Node } from '@babel/types';
import type { ProblemCode, SourceProblem } from '../../../problem';
import type { Edits } from './edits';
import type { ParsedModule } from './parseModule';

/** What a pass over a module gets: the module as read, the edits that all passes share, and where problems go. */
export interface PassContext {
  readonly module: ParsedModule;
  readonly edits: Edits;
  readonly problems: SourceProblem[];
}

/**
 * One change to a module between parsing and publishing. Passes see the text as it was written, in any order; two of
 * them never edit the same stretch.
 */
export type Pass = (context: PassContext) => void;

/** Positions of a node. The parser gives every node both; only nodes made by hand lack them. */
export function startOf(node: Node): number {
  return node.start!;
}

export function endOf(node: Node): number {
  return node.end!;
}

export function report(
  { module, problems }: PassContext,
  node: { start?: number | null; end?: number | null },
  code: ProblemCode,
  message: string,
  severity: SourceProblem['severity'] = 'error',
): void {
  const location = module.lines.location(node.start ?? 0, node.end ?? 0);
  problems.push({ code, severity, message, location });
}
